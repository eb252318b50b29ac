package dev.perennial.registry.feedback;

import com.fasterxml.jackson.annotation.JsonFormat;
import dev.perennial.common.problem.ProblemException;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Feedback over HTTP, one or a list. */
@RestController
public final class FeedbackEndpoint {
    private static final int MAX_OPINIONS = 1000;

    private final FeedbackDoor door;

    FeedbackEndpoint(FeedbackDoor door) {
        this.door = door;
    }

    @PostMapping("/v1/feedback")
    FeedbackDoor.Taken take(
            @RequestBody @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY) List<Opinion> opinions) {
        if (opinions.isEmpty() || opinions.size() > MAX_OPINIONS) {
            throw ProblemException.badRequest(
                    "invalid-feedback", "Send one feedback, or a list of 1 to " + MAX_OPINIONS + ".");
        }
        return door.take(opinions);
    }
}
