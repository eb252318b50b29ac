package dev.perennial.lora;

/** Sees texts as they grow. Called by the thread that generates, which goes on when the call returns. */
@FunctionalInterface
public interface GenerationListener {
    /** Lets everything go on to its end. */
    GenerationListener NONE = (request, text) -> true;

    /**
     * Text that was added; never empty, whole characters only, and never a part of a stop string. All of a request's
     * pieces one after another are the {@link Generation#text} of its result.
     *
     * @param request its place in the list that was given
     * @return false to end this request here; the others go on
     */
    boolean text(int request, String text);
}
