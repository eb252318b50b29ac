package dev.perennial.lora.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceChoiceTest {
    private static DeviceChoice wish(String text) {
        return DeviceChoice.of(Map.of("perennial.device", text), Map.of("PERENNIAL_DEVICE", "cpu"));
    }

    /** A machine whose first devices, as many as given, answer. */
    private record Machine(boolean builtForCuda, int devices) implements DeviceChoice.NativeLibrary {
        @Override
        public Optional<String> refusal(int index) {
            return index < devices ? Optional.empty() : Optional.of("invalid device ordinal");
        }

        @Override
        public String description() {
            return builtForCuda ? "flavor cu128, /torch/lib" : "flavor cpu, /torch/lib";
        }
    }

    @Test
    void thePropertyGoesBeforeTheVariableAndNeitherMeansAuto() {
        assertThat(DeviceChoice.of(Map.of("perennial.device", "cuda:1"), Map.of("PERENNIAL_DEVICE", "cpu")))
                .hasToString("cuda:1");
        assertThat(DeviceChoice.of(Map.of(), Map.of("PERENNIAL_DEVICE", "cpu"))).hasToString("cpu");
        assertThat(DeviceChoice.of(Map.of(), Map.of())).hasToString("auto");
    }

    @Test
    void autoTakesADeviceOnlyWhereTheLibraryHasCudaAndTheDeviceAnswers() {
        assertThat(wish("auto").resolve(new Machine(true, 1))).isEqualTo(Device.gpu(0));
        assertThat(wish("auto").resolve(new Machine(true, 0))).isEqualTo(Device.cpu());
        assertThat(wish("auto").resolve(new Machine(false, 1))).isEqualTo(Device.cpu());
    }

    @Test
    void aNamedDeviceIsTakenAsNamed() {
        assertThat(wish("cpu").resolve(new Machine(true, 2))).isEqualTo(Device.cpu());
        assertThat(wish("cuda").resolve(new Machine(true, 2))).isEqualTo(Device.gpu(0));
        assertThat(wish("cuda:1").resolve(new Machine(true, 2))).isEqualTo(Device.gpu(1));
    }

    @Test
    void cudaWithoutALibraryForItSaysHowToGetOne() {
        assertThatThrownBy(() -> wish("cuda").resolve(new Machine(false, 1)))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageContaining("flavor cpu, /torch/lib) is built without CUDA")
                .hasMessageContaining("PYTORCH_LIBRARY_PATH")
                .hasMessageContaining("PYTORCH_FLAVOR=cu128");
    }

    @Test
    void cudaWithoutADeviceSaysThatTheDriverIsToBlame() {
        assertThatThrownBy(() -> wish("cuda:3").resolve(new Machine(true, 2)))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessageStartingWith("cuda:3 is asked for, but does not answer: invalid device ordinal.")
                .hasMessageContaining("nvidia-smi");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "CUDA", "cuda:", "cuda:-1", "cuda:1000", "cpu:0"})
    void anythingElseIsRefusedWithTheTextsThatAreKnown(String text) {
        assertThatThrownBy(() -> wish(text))
                .isInstanceOf(DeviceUnavailableException.class)
                .hasMessage("the system property perennial.device is '" + text + "': give auto, cpu, cuda or cuda:N");
    }
}
