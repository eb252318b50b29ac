package dev.perennial.common.problem;

import dev.perennial.common.spec.SpecException;
import dev.perennial.common.text.Unreadable;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import tools.jackson.core.JacksonException;

/** Turns refusals into problem details; everything Spring MVC refuses by itself gets a code too. */
@RestControllerAdvice
public final class ProblemAdvice extends ResponseEntityExceptionHandler {

    @ExceptionHandler
    ResponseEntity<Object> refused(ProblemException e) {
        return problem(e.status(), e.code(), String.valueOf(e.getMessage()), e.properties());
    }

    @ExceptionHandler
    ResponseEntity<Object> invalidSpec(SpecException e) {
        return problem(
                HttpStatus.BAD_REQUEST,
                "invalid-spec",
                String.valueOf(e.getMessage()),
                Map.of("violations", e.violations()));
    }

    @ExceptionHandler
    ResponseEntity<Object> tooLarge(BodyTooLargeException e) {
        return problem(HttpStatus.CONTENT_TOO_LARGE, "body-too-large", String.valueOf(e.getMessage()), Map.of());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleHttpMessageNotReadable(
            HttpMessageNotReadableException e, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BodyTooLargeException tooLarge) {
                return tooLarge(tooLarge);
            }
            if (cause instanceof SpecException invalid) {
                return invalidSpec(invalid);
            }
            if (cause instanceof JacksonException json) {
                return problem(HttpStatus.BAD_REQUEST, "unreadable-body", Unreadable.describe(json), Map.of());
            }
        }
        return problem(
                HttpStatus.BAD_REQUEST,
                "unreadable-body",
                "The request body is missing or is not what this operation takes; send JSON as the reference shows.",
                Map.of());
    }

    @Override
    protected @Nullable ResponseEntity<Object> handleExceptionInternal(
            Exception e, @Nullable Object body, HttpHeaders headers, HttpStatusCode status, WebRequest request) {
        ResponseEntity<Object> response = super.handleExceptionInternal(e, body, headers, status, request);
        if (response != null && response.getBody() instanceof ProblemDetail detail && detail.getProperties() == null) {
            detail.setProperty("code", "http-" + status.value());
        }
        return response;
    }

    private static ResponseEntity<Object> problem(
            HttpStatus status, String code, String detail, Map<String, ?> properties) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(status, detail);
        problem.setType(URI.create("urn:perennial:problem:" + code));
        problem.setProperty("code", code);
        properties.forEach(problem::setProperty);
        return ResponseEntity.status(status).body(problem);
    }
}
