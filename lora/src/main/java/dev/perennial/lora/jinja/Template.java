package dev.perennial.lora.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed template of the Jinja language (jinja2 3.1, in the environment of transformers 5.18: trim_blocks,
 * lstrip_blocks, loop controls, no autoescape), as far as chat templates use it.
 *
 * <p>What is not supported is refused with a message and never rendered approximately: macros, imports, inheritance,
 * tuples, floating-point numbers, printing a list or mapping. Values are data: nothing in them is read as a template.
 */
public final class Template {
    private static final int MAX_CHARACTERS = 1 << 20;

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /**
     * Reads a template.
     *
     * @throws TemplateException if the text is no template or uses what is not supported
     */
    public static Template parse(String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new TemplateException("the template is longer than " + MAX_CHARACTERS + " characters");
        }
        return new Template(new StatementParser(new TokenReader(Lexer.tokens(text))).template());
    }

    /**
     * The text that it gives.
     *
     * @param variables strings, {@link Long}s, Booleans, {@link Constant}s, {@link Function}s, and lists and maps (with
     *     strings as keys) of them
     * @throws TemplateException if it goes a way that is not supported
     */
    public String render(Map<String, Object> variables) {
        Scope scope = Scope.of(variables);
        scope.set("namespace", (Function) Template::namespace);
        StringBuilder out = new StringBuilder();
        try {
            Statement.all(statements, scope, out);
        } catch (StackOverflowError e) {
            throw new TemplateException("the template nests its values too deep");
        }
        return out.toString();
    }

    private static Object namespace(Arguments arguments) {
        if (!arguments.positional().isEmpty()) {
            throw new TemplateException("namespace() is supported with named values only");
        }
        return new Values.Namespace(new HashMap<>(arguments.named()));
    }
}
