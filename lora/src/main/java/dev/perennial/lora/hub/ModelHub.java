package dev.perennial.lora.hub;

import dev.perennial.lora.ModelFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Models of a hub as directories of this machine, each downloaded once: what is left of a broken download is gone on with,
 * every file is compared with the checksum that the hub announces, and a directory appears only when it is complete.
 * Only the files that this library reads are downloaded: configuration, tokenizer, chat template, pooling and weights in
 * safetensors. What could not be opened is refused before its weights are downloaded: another architecture, no
 * tokenizer.json, weights as Python pickles only. For any number of threads and processes.
 *
 * <p>The protocol is that of Hugging Face's hub: {@code GET /api/models/<id>/revision/<revision>?blobs=true} for the commit
 * and its files, {@code GET /<id>/resolve/<commit>/<file>} for each. Different from huggingface_hub: files of a commit lie
 * together in one plain directory, and commits share none.
 *
 * <pre>{@code
 * Path directory = new ModelHub(HubSettings.ofEnvironment()).fetch("owner/name@main");
 * }</pre>
 */
public final class ModelHub {
    private static final int MAX_LISTING_BYTES = 32 << 20;

    private final HubSettings settings;
    private final Patience patience;

    public ModelHub(HubSettings settings) {
        this(settings, Patience.REAL);
    }

    ModelHub(HubSettings settings, Patience patience) {
        this.settings = settings;
        this.patience = patience;
    }

    /** The same as {@link #fetch(String, Progress)} with nobody listening. */
    public Path fetch(String id) {
        return fetch(id, Progress.NONE);
    }

    /**
     * The directory of a model. The hub is asked what commit the revision stands for, and that commit is downloaded if it is
     * not here; of a commit that is here nothing is asked. A hub that cannot be asked is a failure, whatever is here;
     * offline the same as {@link #cached}.
     *
     * @param id {@code owner/name}, or {@code owner/name@revision} for another branch than {@code main}, a tag or a commit
     * @throws IllegalArgumentException if the id has another form
     * @throws HubException if the hub refuses, cannot be reached, or sends something else than it announced
     * @throws ModelFormatException if there is no model under the id that this library reads
     * @throws UncheckedIOException if the cache cannot be written
     */
    public Path fetch(String id, Progress progress) {
        HubId wanted = HubId.parse(id);
        ModelCache cache = ModelCache.of(settings.cache(), wanted);
        if (settings.offline()) {
            return cached(id);
        }
        Optional<Path> pinned =
                HubId.isCommit(wanted.revision()) ? cache.finished(wanted.revision()) : Optional.empty();
        return pinned.orElseGet(() -> online(wanted, cache, progress));
    }

    /**
     * The directory of a model that was fetched before; opens no connection.
     *
     * @throws HubException if it is not here
     */
    public Path cached(String id) {
        HubId wanted = HubId.parse(id);
        return ModelCache.of(settings.cache(), wanted)
                .finished(wanted.revision())
                .orElseThrow(() -> new HubException(
                        ("%s is not in the cache %s, and without a connection it cannot be downloaded. Fetch it once online"
                                        + " (HF_HUB_OFFLINE unset), or copy that cache from a machine that has it")
                                .formatted(wanted, settings.cache())));
    }

    /** Which model and commit a directory holds, if {@code fetch} or {@code cached} gave it, whatever the cache. */
    public static Optional<HubId> fetched(Path directory) {
        return ModelCache.holds(directory);
    }

    private Path online(HubId id, ModelCache cache, Progress progress) {
        try (HubClient client = new HubClient(settings, patience)) {
            String revision = URLEncoder.encode(id.revision(), StandardCharsets.UTF_8);
            String description = "/api/models/%s/revision/%s?blobs=true".formatted(id.path(), revision);
            Listing listing = Listing.parse(id, answer(client, description, id, cache));
            Selection selection = new Selection(id, listing);
            selection.requireModel();
            return cache.alone(() -> {
                Path snapshot = cache.snapshot(listing.commit());
                if (!Files.isDirectory(snapshot)) {
                    download(client, selection, cache, progress);
                }
                cache.remember(id.revision(), listing.commit());
                return snapshot;
            });
        }
    }

    /** Never silently another commit than the hub would have named: what is here is only pointed to. */
    private static byte[] answer(HubClient client, String path, HubId id, ModelCache cache) {
        try {
            return client.read(path, MAX_LISTING_BYTES);
        } catch (HubException e) {
            throw cache.finished(id.revision())
                    .map(here -> new HubException(
                            "%s. What %s stood for when it was last asked for is here, in %s: set HF_HUB_OFFLINE=1, or call cached, to use that"
                                    .formatted(e.getMessage(), id, here),
                            e))
                    .orElse(e);
        }
    }

    private void download(HubClient client, Selection selection, ModelCache cache, Progress progress) {
        String commit = selection.listing().commit();
        try {
            Path directory = cache.unfinished(commit);
            Download download =
                    new Download(client, "/" + selection.id().path() + "/resolve/" + commit + "/", directory);
            List<RemoteFile> texts = selection.texts();
            texts.forEach(text -> download.fetch(text, _ -> {}));
            selection.requireSupported(directory);
            List<RemoteFile> files = Stream.concat(texts.stream(), selection.weights(directory).stream())
                    .toList();
            requireRoom(selection.id(), files, download, directory);
            long total = total(files);
            long before = 0;
            for (RemoteFile file : files) {
                long start = before;
                download.fetch(file, bytes -> progress.update(file.name(), start + bytes, total));
                before += file.size();
            }
            cache.finish(commit);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write to the cache " + settings.cache(), e);
        }
    }

    private void requireRoom(HubId id, List<RemoteFile> files, Download download, Path directory) throws IOException {
        long total = total(files);
        if (total > settings.maxBytes()) {
            throw new ModelFormatException(
                    "%s has %d bytes, the limit is %d".formatted(id, total, settings.maxBytes()));
        }
        long needed = total - files.stream().mapToLong(download::present).sum();
        long free = Files.getFileStore(directory).getUsableSpace();
        if (needed > free) {
            throw new HubException("%s needs %d bytes more, but %s has %d: free some, or set PERENNIAL_MODELS elsewhere"
                    .formatted(id, needed, settings.cache(), free));
        }
    }

    private static long total(List<RemoteFile> files) {
        try {
            return files.stream().mapToLong(RemoteFile::size).reduce(0, Math::addExact);
        } catch (ArithmeticException e) {
            throw new ModelFormatException("the sizes announced are beyond any disk", e);
        }
    }
}
