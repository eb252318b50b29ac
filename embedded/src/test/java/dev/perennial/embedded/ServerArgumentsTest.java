package dev.perennial.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServerArgumentsTest {
    @Test
    void reads_all_options_in_any_order() {
        assertThat(ServerArguments.parse("--port", "9092", "--owner", "17", "--data", "kafka"))
                .isEqualTo(new ServerArguments(Path.of("kafka"), 9092, Optional.of(17L)));
    }

    @Test
    void chooses_any_port_and_no_owner_by_default() {
        assertThat(ServerArguments.parse("--data", "kafka"))
                .isEqualTo(new ServerArguments(Path.of("kafka"), 0, Optional.empty()));
    }

    @Test
    void says_which_option_is_wrong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerArguments.parse("--data", "kafka", "--prot", "1"))
                .withMessageContaining("unknown option --prot");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerArguments.parse("--data", "kafka", "--port", "many"))
                .withMessageContaining("--port must be a number, not many");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerArguments.parse("--port", "1"))
                .withMessageContaining("--data is missing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ServerArguments.parse("--data"))
                .withMessageContaining("--data needs a value");
    }
}
