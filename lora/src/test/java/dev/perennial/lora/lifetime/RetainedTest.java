package dev.perennial.lora.lifetime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetainedTest {
    @Test
    void memoryIsFreedOnceWhenTheLastHolderLetsGo() {
        List<String> freed = new ArrayList<>();
        Retained retained = new Retained("it", () -> freed.add("freed"));
        Retained.Hold hold = retained.hold();
        retained.close();
        retained.close();
        assertThat(freed).isEmpty();
        assertThatThrownBy(retained::hold).hasMessage("it is closed");
        hold.close();
        assertThat(freed).hasSize(1);
    }
}
