package dev.perennial.common.spec;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The rules of a model spec's {@code quality.rules}, compiled: CEL expressions over {@code sample.text},
 * {@code sample.label} and {@code sample.source} ({@code REAL} or {@code SYNTHETIC}) that must all be true. CEL has no
 * side effects and no loops without end. Thread-safe.
 */
public final class SampleRules {
    private static final String TEXT = "sample.text";
    private static final String LABEL = "sample.label";
    private static final String SOURCE = "sample.source";

    /** Loaded with the first rule: a spec without rules does not pay for it. */
    private static final class Cel {
        static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
                .addVar(TEXT, SimpleType.STRING)
                .addVar(LABEL, SimpleType.STRING)
                .addVar(SOURCE, SimpleType.STRING)
                .setResultType(SimpleType.BOOL)
                .build();
        static final CelRuntime RUNTIME =
                CelRuntimeFactory.plannerRuntimeBuilder().build();
    }

    private record Rule(String text, CelRuntime.Program program) {}

    private final List<Rule> rules;

    private SampleRules(List<Rule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * Compiles the rules.
     *
     * @throws SpecException naming each rule that is no CEL expression with a truth value
     */
    public static SampleRules compile(List<String> rules) {
        List<Rule> compiled = new ArrayList<>();
        List<Violation> violations = new ArrayList<>();
        for (int i = 0; i < rules.size(); i++) {
            try {
                CelAbstractSyntaxTree tree = Cel.COMPILER.compile(rules.get(i)).getAst();
                compiled.add(new Rule(rules.get(i), Cel.RUNTIME.createProgram(tree)));
            } catch (CelValidationException | CelEvaluationException e) {
                violations.add(new Violation("quality.rules[" + i + "]", explain(e)));
            }
        }
        if (!violations.isEmpty()) {
            throw new SpecException(violations);
        }
        return new SampleRules(compiled);
    }

    /** What {@link #compile} would refuse; empty when it would not. */
    public static List<Violation> check(List<String> rules) {
        try {
            compile(rules);
            return List.of();
        } catch (SpecException e) {
            return e.violations();
        }
    }

    /** The rules, as written, that the sample does not fulfil. A rule that cannot be evaluated is not fulfilled. */
    public List<String> broken(String text, String label, String source) {
        if (rules.isEmpty()) {
            return List.of();
        }
        Map<String, String> sample = Map.of(TEXT, text, LABEL, label, SOURCE, source);
        return rules.stream()
                .filter(rule -> !holds(rule, sample))
                .map(Rule::text)
                .toList();
    }

    private static boolean holds(Rule rule, Map<String, String> sample) {
        try {
            return Boolean.TRUE.equals(rule.program().eval(sample));
        } catch (CelEvaluationException e) {
            return false;
        }
    }

    private static String explain(Exception e) {
        return "is not a CEL condition over sample.text, sample.label and sample.source: "
                + String.valueOf(e.getMessage()).replaceAll("\\s*\\R\\s*", " ");
    }
}
