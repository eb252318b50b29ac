package dev.perennial.lora.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The image cannot be built without its base; what it says of versions can be held against the class path. */
class TrainerImageTest {
    private static final Path DOCKERFILE =
            Path.of(System.getProperty("basedir", ".")).resolve("../deploy/trainer-cuda/Dockerfile");

    @Test
    void theImagesPytorchIsTheOneThatTheBridgeOnTheClassPathIsFor() throws IOException {
        String file = Files.readString(DOCKERFILE);
        Map<String, String> settings = Pattern.compile("(PYTORCH_[A-Z]+)=(\\S+)")
                .matcher(file)
                .results()
                .collect(Collectors.toMap(setting -> setting.group(1), TrainerImageTest::value));
        assertThat(bridge()).startsWith(settings.get("PYTORCH_VERSION") + "-");
        assertThat(settings.get("PYTORCH_IMAGE")).contains(settings.get("PYTORCH_VERSION") + "-cuda12.8");
        assertThat(file).contains("startswith(\"" + settings.get("PYTORCH_VERSION") + "\")");
        String library = "/jnilib/linux-x86_64/%s/libdjl_torch.so".formatted(settings.get("PYTORCH_FLAVOR"));
        assertThat(TrainerImageTest.class.getResource(library)).isNotNull();
    }

    private static String value(MatchResult setting) {
        return setting.group(2);
    }

    private static String bridge() throws IOException {
        Properties properties = new Properties();
        try (InputStream file = TrainerImageTest.class.getResourceAsStream("/jnilib/pytorch.properties")) {
            properties.load(file);
        }
        return properties.getProperty("jni_version");
    }
}
