package dev.perennial.lora.hub;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model is called on a hub.
 *
 * @param revision a branch, a tag or a commit
 */
public record HubId(String owner, String name, String revision) {
    private static final String MAIN = "main";
    private static final String PART = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?";
    private static final Pattern NAME = Pattern.compile(PART);
    private static final Pattern REVISION = Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9_./-]{0,198}[A-Za-z0-9_])?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern WHOLE = Pattern.compile("([^/@]+)/([^/@]+)(?:@(.+))?");

    public HubId {
        require(owner, NAME);
        require(name, NAME);
        require(revision, REVISION);
    }

    /**
     * Reads {@code owner/name} or {@code owner/name@revision}; without a revision it is {@code main}.
     *
     * @throws IllegalArgumentException if it has another form
     */
    public static HubId parse(String id) {
        Matcher parts = WHOLE.matcher(id);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + id + "' is no model id: it has the form owner/name@revision, and"
                    + " @revision may be left out");
        }
        return new HubId(parts.group(1), parts.group(2), parts.group(3) == null ? MAIN : parts.group(3));
    }

    private static void require(String part, Pattern pattern) {
        if (!pattern.matcher(part).matches() || part.contains("..") || part.contains("//")) {
            throw new IllegalArgumentException("'" + part + "' cannot be part of a model id");
        }
    }

    static boolean isCommit(String revision) {
        return COMMIT.matcher(revision).matches();
    }

    /** {@code owner/name}, without the revision. */
    public String path() {
        return owner + "/" + name;
    }

    @Override
    public String toString() {
        return path() + "@" + revision;
    }
}
