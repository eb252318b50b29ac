package dev.perennial.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher's {@code verify} and {@code gpu-check} with a Maven that only writes what they read. */
class LauncherIT {
    private static final Path LAUNCHER =
            Path.of(System.getProperty("basedir", ".")).resolve("../perennial");

    @TempDir
    Path checkout;

    @BeforeEach
    void copyTheLauncher() throws IOException {
        Files.copy(LAUNCHER, checkout.resolve("perennial"));
    }

    @Test
    void sums_the_reports_of_this_run_over_all_modules_and_leaves_older_ones_out() throws Exception {
        Path stale = report("a/target/surefire-reports/TEST-Gone.xml", 7, 7);
        Files.setLastModifiedTime(stale, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        maven(
                write("a/target/surefire-reports/TEST-One.xml", 3, 1),
                write("b/target/surefire-reports/TEST-Two.xml", 4, 0),
                write("b/target/failsafe-reports/TEST-ThreeIT.xml", 5, 0));

        Run run = launch("verify", System.getProperty("java.home"));

        assertThat(run.status).isZero();
        assertThat(run.output).endsWith("""
                        Surefire, all modules:
                        Tests run: 7, Failures: 1, Errors: 0, Skipped: 0
                        Failsafe, all modules:
                        Tests run: 5, Failures: 0, Errors: 0, Skipped: 0
                        """);
    }

    @Test
    void ends_with_mavens_status_after_the_totals() throws Exception {
        maven("exit 3");

        Run run = launch("verify", System.getProperty("java.home"));

        assertThat(run.status).isEqualTo(3);
        assertThat(run.output).endsWith("Tests run: 0, Failures: 0, Errors: 0, Skipped: 0\n");
    }

    @Test
    void passes_over_a_jdk_that_is_too_old() throws Exception {
        Path old = checkout.resolve("old-jdk");
        executable(old.resolve("bin/java"), "exit 1");
        executable(old.resolve("bin/javac"), "exit 1");
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.2\"\n");
        maven("echo \"JDK is $JAVA_HOME\"");

        Run run = launch("verify", old.toString());

        assertThat(run.output).contains("JDK is /").doesNotContain(old.toString());
    }

    @Test
    void a_light_bundle_holds_what_the_golden_tests_run_on_but_no_large_jar() throws Exception {
        Path script = checkout.resolve("deploy/gpu-check/gpu-check");
        executable(script, "echo started");
        Files.createDirectories(checkout.resolve("lora/target/test-classes/x"));
        Files.write(checkout.resolve("small.jar"), new byte[10]);
        Files.write(checkout.resolve("large.jar"), new byte[20_000_001]);
        maven("""
                for argument in "$@"; do
                  case $argument in -Dgpu-check.classpath=*) file=${argument#*=} ;; esac
                done
                printf '%s\\n' "$PWD/lora/target/test-classes" "$PWD/small.jar" "$PWD/large.jar" >"$file"
                """);
        Path bundle = checkout.resolve("carried/bundle");
        List<String> bundling = List.of("gpu-check", "--bundle", bundle.toString(), "--light");

        Run run = launch(System.getProperty("java.home"), bundling);

        assertThat(run.status).as(run.output).isZero();
        assertThat(bundle.resolve("test-classes/x")).isDirectory();
        assertThat(bundle.resolve("lib")).isDirectoryContaining("glob:**/small.jar");
        assertThat(bundle.resolve("lib/large.jar")).doesNotExist();
        assertThat(bundle.resolve("gpu-check")).isExecutable().hasSameTextualContentAs(script);
        assertThat(bundle.resolve("classpath")).doesNotExist();

        Run again = launch(System.getProperty("java.home"), bundling);
        assertThat(again.status).isEqualTo(1);
        assertThat(again.output).contains("must not be there yet");
    }

    private record Run(int status, String output) {}

    private Run launch(String command, String javaHome) throws Exception {
        return launch(javaHome, List.of(command));
    }

    private Run launch(String javaHome, List<String> arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of("bash", "perennial"), arguments.stream())
                        .toList())
                .directory(checkout.toFile())
                .redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", javaHome);
        builder.environment().merge("PATH", "", (path, _) -> checkout.resolve("bin") + ":" + path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output);
    }

    private void maven(String... commands) throws IOException {
        executable(
                checkout.resolve("bin/mvn"),
                "if [ \"$1\" = --version ]; then echo 'Apache Maven 3.9.9'; exit; fi\n" + String.join("\n", commands));
    }

    private static String write(String path, int tests, int failures) {
        return "mkdir -p $(dirname " + path + "); cat >" + path + " <<'END'\n" + xml(tests, failures) + "\nEND";
    }

    private Path report(String path, int tests, int failures) throws IOException {
        Path file = checkout.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, xml(tests, failures));
    }

    private static String xml(int tests, int failures) {
        return "<?xml version=\"1.0\"?>\n<testsuite name=\"x\" time=\"0.1\" tests=\"" + tests
                + "\" errors=\"0\" skipped=\"0\" failures=\"" + failures + "\">\n</testsuite>";
    }

    private static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
