package dev.perennial.lora.hub;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.OptionalLong;

/** What a server answered, after redirects; closing gives up what was not read. */
record Answer(int status, HttpHeaders headers, Body body) implements AutoCloseable {
    /** Whether asking again may help. */
    boolean passing() {
        return status == 408 || status == 429 || status >= 500;
    }

    String header(String name) {
        return headers.firstValue(name).orElse("");
    }

    OptionalLong length() {
        return header("Content-Length").matches("\\d{1,18}")
                ? headers.firstValueAsLong("Content-Length")
                : OptionalLong.empty();
    }

    /** Seconds or a date (RFC 9110, section 10.2.3). */
    Optional<Duration> retryAfter(Instant now) {
        String value = header("Retry-After").strip();
        if (value.matches("\\d{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
        }
        try {
            Instant date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(date.isBefore(now) ? Duration.ZERO : Duration.between(now, date));
        } catch (DateTimeException e) {
            return Optional.empty(); // no header, or one that says nothing
        }
    }

    @Override
    public void close() {
        body.close();
    }
}
