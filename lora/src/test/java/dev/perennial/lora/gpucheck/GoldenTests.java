package dev.perennial.lora.gpucheck;

import dev.perennial.lora.GoldenDifference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.discovery.PackageNameFilter;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the golden tests of the library: the classes whose name ends with {@code GoldenTest}, and the tests that are tagged
 * {@code golden}.
 */
final class GoldenTests implements TestExecutionListener {
    private static final TestTag TAG = TestTag.create("golden");

    private final Map<String, Running> classes = new TreeMap<>();
    private final Map<String, Long> started = new TreeMap<>();

    /** What is known of a class so far. */
    private static final class Running {
        int passed;
        int skipped;
        double seconds;
        final List<ClassResult.Failure> failures = new ArrayList<>();
    }

    /**
     * The results by class, in the order of their names.
     *
     * @param leftOut packages within
     */
    static List<ClassResult> run(String testPackage, String... leftOut) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectPackage(testPackage))
                .filters(PackageNameFilter.excludePackageNames(leftOut))
                .filters((PostDiscoveryFilter) GoldenTests::golden)
                .build();
        GoldenTests listener = new GoldenTests();
        LauncherFactory.create().execute(request, listener);
        return listener.results();
    }

    private static FilterResult golden(TestDescriptor test) {
        boolean named = test.getSource()
                .map(GoldenTests::className)
                .filter(name -> name.endsWith("GoldenTest"))
                .isPresent();
        return FilterResult.includedIf(named || test.getTags().contains(TAG));
    }

    private static String className(TestSource source) {
        return switch (source) {
            case MethodSource method -> method.getClassName();
            case ClassSource type -> type.getClassName();
            default -> "";
        };
    }

    private Optional<Running> running(TestIdentifier test) {
        return test.getSource()
                .map(GoldenTests::className)
                .filter(name -> !name.isEmpty())
                .map(name -> classes.computeIfAbsent(name, _ -> new Running()));
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        running(test).ifPresent(result -> result.skipped++);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult outcome) {
        boolean passed = outcome.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        if (test.isTest() || !passed) { // a container fails with what it does before and after its tests
            running(test).ifPresent(result -> add(result, test, outcome));
        }
    }

    private void add(Running result, TestIdentifier test, TestExecutionResult outcome) {
        result.seconds += (System.nanoTime() - started.getOrDefault(test.getUniqueId(), System.nanoTime())) * 1e-9;
        switch (outcome.getStatus()) {
            case SUCCESSFUL -> result.passed++;
            case ABORTED -> result.skipped++;
            case FAILED -> result.failures.add(new ClassResult.Failure(name(test), message(outcome)));
        }
    }

    private static String name(TestIdentifier test) {
        String method = test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(source -> ((MethodSource) source).getMethodName())
                .orElse("");
        return test.getDisplayName().startsWith(method) ? test.getDisplayName() : method + " " + test.getDisplayName();
    }

    private static String message(TestExecutionResult outcome) {
        String message = outcome.getThrowable().map(Throwable::toString).orElse("");
        return message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(4)
                .reduce("", (a, b) -> a + " " + b)
                .strip();
    }

    private List<ClassResult> results() {
        List<ClassResult> results = new ArrayList<>();
        classes.forEach((name, running) -> results.add(new ClassResult(
                name.substring(name.lastIndexOf('.') + 1),
                running.passed,
                running.skipped,
                running.seconds,
                GoldenDifference.of(name),
                List.copyOf(running.failures))));
        return results;
    }
}
