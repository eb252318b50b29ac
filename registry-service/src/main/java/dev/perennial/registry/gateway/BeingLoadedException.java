package dev.perennial.registry.gateway;

import java.net.URI;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/** A refusal that ends by itself: the answer says when to ask again. */
final class BeingLoadedException extends ErrorResponseException {
    private static final String CODE = "being-loaded";
    private static final String RETRY_SECONDS = "1";

    BeingLoadedException(String model) {
        super(HttpStatus.SERVICE_UNAVAILABLE, problem(model), null);
        getHeaders().set(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }

    private static ProblemDetail problem(String model) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(
                HttpStatus.SERVICE_UNAVAILABLE,
                "The live version of '" + model + "' is being loaded; try again shortly.");
        problem.setType(URI.create("urn:perennial:problem:" + CODE));
        problem.setProperty("code", CODE);
        return problem;
    }
}
