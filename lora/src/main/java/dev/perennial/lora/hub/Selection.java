package dev.perennial.lora.hub;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.decoder.DecoderConfig;
import dev.perennial.lora.model.ConfigJson;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Which files of a model are wanted: those that this library reads, and no others. */
record Selection(HubId id, Listing listing) {
    private static final String TOKENIZER_JSON = "tokenizer.json";
    static final String INDEX = "model.safetensors.index.json";
    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";

    /** A JSON file beyond this is refused on reading, too. */
    private static final long MAX_TEXT_BYTES = 64L << 20;

    private static final Set<String> TEXTS = Set.of(
            CONFIG,
            "generation_config.json",
            "special_tokens_map.json",
            "chat_template.jinja",
            "modules.json",
            "1_Pooling/config.json");
    private static final Pattern TOKENIZER = Pattern.compile("tokenizer[A-Za-z0-9_.-]{0,100}\\.json");
    private static final Pattern SHARD = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,200}\\.safetensors");
    private static final Pattern PICKLED = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl)");

    /** Refuses what lacks a file that every model has. */
    void requireModel() {
        if (listing.file(CONFIG) == null) {
            throw new ModelFormatException(id + " has no config.json: it is no model in Hugging Face layout");
        }
        if (listing.file(TOKENIZER_JSON) == null) {
            throw new ModelFormatException(
                    id + " has no tokenizer.json, the only form of tokenizers that is read; save it"
                            + " again with transformers' fast tokenizer");
        }
        if (listing.file(WEIGHTS) != null || sharded()) {
            return;
        }
        boolean pickled = listing.files().keySet().stream()
                .anyMatch(name -> PICKLED.matcher(name).matches());
        throw new ModelFormatException(
                pickled
                        ? id
                                + " has its weights as Python pickles only, which can run code when they are opened: they are"
                                + " not downloaded. Use a revision with safetensors, or convert it"
                        : id + " has no model.safetensors and no " + INDEX);
    }

    /** As in a directory, one file goes before shards. */
    boolean sharded() {
        return listing.file(WEIGHTS) == null && listing.file(INDEX) != null;
    }

    /**
     * Refuses what this library would not open, whatever the weights are.
     *
     * @param directory with all but the weights
     */
    void requireSupported(Path directory) {
        try {
            ConfigJson config = ConfigJson.read(directory.resolve(CONFIG));
            String type = config.textOr("model_type", "bert");
            switch (type) {
                case "bert", "roberta" -> BertDirectory.requireSupported(directory);
                case "llama", "qwen2" -> DecoderConfig.of(config);
                default ->
                    throw config.refusal(
                            "model_type", "is '%s', supported are bert, roberta, llama and qwen2".formatted(type));
            }
        } catch (ModelFormatException e) {
            throw new ModelFormatException(id + " is not downloaded, for it could not be opened: " + e.getMessage(), e);
        }
    }

    /** All but the weights. */
    List<RemoteFile> texts() {
        return listing.files().values().stream()
                .filter(file -> TEXTS.contains(file.name())
                        || TOKENIZER.matcher(file.name()).matches()
                        || (file.name().equals(INDEX) && sharded()))
                .map(this::checkedText)
                .toList();
    }

    private RemoteFile checkedText(RemoteFile file) {
        if (file.size() > MAX_TEXT_BYTES) {
            throw new ModelFormatException("%s of %s has %d bytes; more than %d are not read"
                    .formatted(file.name(), id, file.size(), MAX_TEXT_BYTES));
        }
        return file;
    }

    /**
     * The files with the weights.
     *
     * @param directory with the index, if there are shards
     */
    List<RemoteFile> weights(Path directory) {
        Stream<String> names = sharded() ? shards(directory.resolve(INDEX)).stream() : Stream.of(WEIGHTS);
        return names.map(this::required).toList();
    }

    private RemoteFile required(String name) {
        RemoteFile file = listing.file(name);
        if (file == null) {
            throw new ModelFormatException("%s has no file '%s', which its %s names".formatted(id, name, INDEX));
        }
        return file;
    }

    private Set<String> shards(Path index) {
        Set<String> names = new TreeSet<>();
        for (JsonNode file : ConfigJson.read(index).object("weight_map").json()) {
            String name = file.asString("");
            if (!SHARD.matcher(name).matches()) {
                throw new ModelFormatException("%s of %s names the file '%s'; shards are safetensors files beside it"
                        .formatted(INDEX, id, name));
            }
            names.add(name);
        }
        if (names.isEmpty()) {
            throw new ModelFormatException(INDEX + " of " + id + " names no shards");
        }
        return names;
    }
}
