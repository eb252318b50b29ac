package dev.perennial.lora.hub;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.hub.RemoteFile.Kind;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a revision holds: the answer to {@code GET /api/models/<id>/revision/<revision>?blobs=true}. It is untrusted.
 *
 * @param commit that the revision stood for when it was asked
 */
record Listing(String commit, SequencedMap<String, RemoteFile> files) {
    private static final int MAX_FILES = 100_000;
    private static final Pattern SHA1 = Pattern.compile("[0-9a-f]{40}");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    static Listing parse(HubId id, byte[] json) {
        try {
            return of(id, JsonMapper.shared().readTree(json));
        } catch (JacksonException e) {
            throw new HubException("the endpoint describes " + id + " with something that is no JSON; is it a hub?", e);
        }
    }

    private static Listing of(HubId id, JsonNode json) {
        String commit = json.path("sha").asString("");
        JsonNode siblings = json.path("siblings");
        if (!HubId.isCommit(commit) || !siblings.isArray() || siblings.size() > MAX_FILES) {
            throw new HubException("the endpoint does not describe " + id + " as a hub does: commit and files");
        }
        if (HubId.isCommit(id.revision()) && !id.revision().equals(commit)) {
            throw new HubException("the endpoint answers with commit " + commit + " when asked for " + id);
        }
        TreeMap<String, RemoteFile> files = new TreeMap<>();
        for (JsonNode sibling : siblings) {
            RemoteFile file = file(id, sibling);
            if (files.put(file.name(), file) != null) {
                throw new ModelFormatException(id + " lists the file '" + file.name() + "' twice");
            }
        }
        return new Listing(commit, Collections.unmodifiableSequencedMap(files));
    }

    private static RemoteFile file(HubId id, JsonNode sibling) {
        String name = sibling.path("rfilename").asString("");
        requireInside(id, name);
        JsonNode large = sibling.path("lfs");
        boolean git = !large.isObject();
        JsonNode size = git
                ? sibling.path("size")
                : large.path("size").isMissingNode() ? sibling.path("size") : large.path("size");
        String checksum = (git ? sibling.path("blobId") : large.path("sha256"))
                .asString("")
                .toLowerCase(Locale.ROOT);
        boolean known = size.isIntegralNumber() && size.canConvertToLong() && size.longValue() >= 0;
        if (!known || !(git ? SHA1 : SHA256).matcher(checksum).matches()) {
            throw new HubException(
                    "the endpoint tells no size and checksum of %s in %s; without them it cannot be checked"
                            .formatted(name, id));
        }
        return new RemoteFile(name, size.longValue(), git ? Kind.GIT : Kind.LARGE, checksum);
    }

    /** Names become paths on this machine. */
    private static void requireInside(HubId id, String name) {
        boolean harmless = !name.isEmpty()
                && name.chars().noneMatch(c -> c < ' ' || c == '\\' || c == 127)
                && Arrays.stream(name.split("/", -1))
                        .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
        if (!harmless) {
            throw new ModelFormatException("%s lists a file that would not lie in its directory: '%s'"
                    .formatted(id, name.replaceAll("\\p{Cntrl}", "?")));
        }
    }

    @Nullable
    RemoteFile file(String name) {
        return files.get(name);
    }
}
