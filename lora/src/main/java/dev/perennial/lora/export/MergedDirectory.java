package dev.perennial.lora.export;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.export.MergePlan.Meant;
import dev.perennial.lora.model.ConfigJson;
import dev.perennial.lora.model.ShardedWeights;
import dev.perennial.lora.safetensors.SavedDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Models after training as directories in Hugging Face layout, which transformers and this library open without an adapter:
 * the base's weights under the names that they have in its files, adapters merged as {@code W + s B A}, trained weights in
 * the place of the base's; its configuration, tokenizer and chat template.
 *
 * <p>Decoders and encoders of the families that this library reads, in one file or shards. Of a base whose output is tied to
 * its word embeddings: trained embeddings stay tied; a trained {@code lm_head.weight} unties them, and
 * {@code tie_word_embeddings} of the written configuration is false; an adapter on either is refused. Different from
 * peft's {@code merge_and_unload}: the sum is rounded once, so weights can differ from peft's in their last bit. The base
 * is always the directory's: what was trained over a quantised copy of it is merged into the weights before quantisation.
 */
public final class MergedDirectory {
    private MergedDirectory() {}

    /**
     * Writes a merged model. It is written beside {@code out}, opened again, compared bit for bit with what was meant and by
     * its outputs for a few tokens, and only then moved to {@code out} at once ({@link SavedDirectory}); if anything fails,
     * nothing is left. Takes the memory of the model in 32-bit floats, for the outputs; while writing, that of its largest
     * tensor three times.
     *
     * @param out a directory that does not exist yet, or is empty
     * @param base the model that was trained, as it was then
     * @throws ModelFormatException if the base cannot be read or a change does not fit it
     * @throws IllegalStateException if what was written is not what was meant
     * @throws java.io.UncheckedIOException if it cannot be written
     */
    public static void write(Path out, Path base, WeightChanges changes, MergeOptions options) {
        write(out, base, changes, options, _ -> {});
    }

    /**
     * The same with more files than the base has.
     *
     * @param more is given the directory before it is moved to {@code out}, to write and check for example a classifier's
     *     head in it; if it throws, nothing is left
     */
    public static void write(Path out, Path base, WeightChanges changes, MergeOptions options, Consumer<Path> more) {
        SavedDirectory.write(out, Set.of(), staging -> {
            fill(staging, base, changes, options);
            more.accept(staging);
        });
    }

    private static void fill(Path staging, Path base, WeightChanges changes, MergeOptions options) throws IOException {
        ConfigJson config = ConfigJson.read(base.resolve(BaseFiles.CONFIG));
        Family family = Family.of(config);
        boolean tied = family == Family.DECODER && config.flag("tie_word_embeddings");
        try (ShardedWeights files = ShardedWeights.open(base, family::spellings)) {
            MergePlan plan = MergePlan.of(files, changes, tied, options.precision());
            SortedMap<String, Meant> meant = new TreeMap<>();
            plan.names().forEach(name -> meant.put(name, plan.meant(name)));
            Shards shards = Shards.of(meant, options.maxShardBytes());
            requireRoom(staging, shards.bytes());
            shards.write(staging);
            BaseFiles.copy(base, staging);
            BaseFiles.writeConfig(config, plan, staging);
            Verification verification = new Verification(family, base, staging);
            verification.weights(meant);
            verification.outputs(plan, changes);
        }
    }

    private static void requireRoom(Path staging, long bytes) throws IOException {
        long free = Files.getFileStore(staging).getUsableSpace();
        if (bytes > free) {
            throw new IOException("the merged model needs %d bytes, the disk has %d".formatted(bytes, free));
        }
    }
}
