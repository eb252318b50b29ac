package dev.perennial.lora.hub;

/** Hears of a download as it goes on, in the thread that downloads. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress NONE = (file, done, total) -> {};

    /**
     * Some more is here.
     *
     * @param file the one that is being downloaded
     * @param done bytes of the whole model that are here
     * @param total bytes of the whole model
     */
    void update(String file, long done, long total);
}
