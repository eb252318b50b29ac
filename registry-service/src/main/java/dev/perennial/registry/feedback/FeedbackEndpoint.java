package dev.perennial.registry.feedback;

import dev.perennial.common.problem.ProblemException;
import dev.perennial.common.text.Unreadable;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Feedback over HTTP, one or a list. */
@RestController
public final class FeedbackEndpoint {
    private static final int MAX_OPINIONS = 1000;
    private static final JsonMapper ONE_OR_MANY = JsonMapper.builder()
            .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private final FeedbackDoor door;

    FeedbackEndpoint(FeedbackDoor door) {
        this.door = door;
    }

    @PostMapping(path = "/v1/feedback", consumes = "application/json")
    FeedbackDoor.Taken take(@RequestBody byte[] body) {
        List<Opinion> opinions = opinions(body);
        if (opinions.isEmpty() || opinions.size() > MAX_OPINIONS) {
            throw ProblemException.badRequest(
                    "invalid-feedback", "Send one feedback, or a list of 1 to " + MAX_OPINIONS + ".");
        }
        return door.take(opinions);
    }

    private static List<Opinion> opinions(byte[] body) {
        try {
            return List.of(ONE_OR_MANY.readValue(body, Opinion[].class));
        } catch (JacksonException e) {
            throw ProblemException.badRequest("unreadable-body", Unreadable.describe(e));
        } catch (NullPointerException e) {
            throw ProblemException.badRequest("unreadable-body", "A feedback is null; send an object instead.");
        }
    }
}
