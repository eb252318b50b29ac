package dev.perennial.lora;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import dev.perennial.lora.adapter.BaseModel;
import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertEncoder;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.bert.BertWeights;
import dev.perennial.lora.bert.EmbeddedModel;
import dev.perennial.lora.bert.TokenBatch;
import dev.perennial.lora.lifetime.Holds;
import dev.perennial.lora.lifetime.ModelFiles;
import dev.perennial.lora.lifetime.OpenModels;
import dev.perennial.lora.lifetime.Retained;
import dev.perennial.lora.model.Adapter;
import dev.perennial.lora.tensor.Torch;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A pretrained sentence encoder, held once in memory and shared by any number of adapters. Safe for many threads. */
public final class TextEncoder implements AutoCloseable {
    /** Of a few short texts: up to here one thread is as fast as two, and others have the second. */
    private static final int SMALL_TOKENS = 64;

    private static final OpenModels<BertModel> OPEN = new OpenModels<>(BertModel::close);

    private final @Nullable Path directory;
    private final BertModel model;
    private final Retained retained;

    private TextEncoder(Object key, @Nullable Path directory, Supplier<BertModel> load) {
        this.directory = directory;
        this.model = OPEN.open(key, load);
        this.retained = new Retained("the encoder " + model.id(), () -> OPEN.close(key));
    }

    /**
     * Loads {@code all-minilm-l6-v2} or {@code bge-small-zh-v1.5} from the class path, or a BERT or RoBERTa directory in
     * Hugging Face layout (config.json, model.safetensors or its shards, tokenizer.json). A model that is open in this process
     * already is not loaded again: all share its weights.
     *
     * @throws ModelFormatException if it is none of these or cannot be read
     */
    public static TextEncoder open(String baseModel) {
        return EmbeddedModel.named(baseModel)
                .map(embedded -> new TextEncoder(embedded, null, embedded::load))
                .orElseGet(() -> open(path(baseModel)));
    }

    /**
     * The same of a directory.
     *
     * @throws ModelFormatException if it is no such directory or cannot be read
     */
    public static TextEncoder open(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw unknown(directory.toString(), null);
        }
        return new TextEncoder(ModelFiles.of(directory), directory, () -> BertDirectory.load(directory));
    }

    private static Path path(String baseModel) {
        try {
            return Path.of(baseModel);
        } catch (InvalidPathException e) {
            throw unknown(baseModel, e);
        }
    }

    private static ModelFormatException unknown(String baseModel, @Nullable Exception cause) {
        String message =
                "unknown base model '%s': give one of %s or the path of a Hugging Face BERT or RoBERTa directory"
                        .formatted(baseModel, EmbeddedModel.ids());
        return new ModelFormatException(message, cause);
    }

    /** The name it was opened by; of a directory, its last part. */
    public String id() {
        return model.id();
    }

    /** Fingerprint of the weights in hexadecimal; the same weights have the same one in whatever file they came. */
    public String sha256() {
        return model.sha256();
    }

    /** Of all that decides what it makes of a text. */
    String identity() {
        return List.of(sha256(), model.weights().config(), model.pooling(), model.tokenizerSha256())
                .toString();
    }

    /** D. */
    public int width() {
        return model.weights().config().width();
    }

    public int layers() {
        return model.weights().config().layers();
    }

    /**
     * One pooled, L2-normalised vector of D floats a text, in the order of the texts. A text beyond the model's
     * positions (512 tokens) is cut.
     */
    public float[][] embed(List<String> texts) {
        try (Retained.Hold _ = retained.hold()) {
            return run(model.weights(), tokenize(texts, maxTokens()), Adapter.NONE, UnaryOperator.identity());
        }
    }

    /**
     * Loads an adapter and its head onto this encoder.
     *
     * @throws ModelFormatException if the directory is no adapter for this encoder; nothing stays allocated
     */
    public TextClassifier classifier(Path peftDirectory) {
        return TextClassifier.of(this, ClassifierDirectory.read(peftDirectory, this));
    }

    /**
     * Judges each text by a classifier of its own, all in the same batches: the encoder's frozen part runs once for all.
     * Every text gets what its classifier would say of it alone, to within rounding.
     *
     * @return in the order of the requests
     * @throws IllegalArgumentException if a classifier was made over another encoder, or trained in full
     */
    public List<Classification> classify(List<ClassifierRequest> requests) {
        List<TextClassifier> classifiers =
                requests.stream().map(ClassifierRequest::classifier).distinct().toList();
        classifiers.forEach(classifier -> classifier.requireOver(this));
        try (Retained.Hold _ = retained.hold();
                Holds _ = Holds.of(classifiers.stream().map(each -> each::hold))) {
            List<long[]> tokens = tokenize(requests);
            prepareThread(tokens);
            return new MixedClassification(this, requests, tokens).run();
        }
    }

    private List<long[]> tokenize(List<ClassifierRequest> requests) {
        List<long[]> whole =
                tokenize(requests.stream().map(ClassifierRequest::text).toList(), maxTokens());
        return IntStream.range(0, requests.size())
                .mapToObj(i -> cut(whole.get(i), requests.get(i).classifier().maxTokens()))
                .toList();
    }

    /** For callers that hold the encoder. Token ids with the special ones around them, at most {@code maxTokens}: a longer text loses its end. */
    List<long[]> tokenize(List<String> texts, int maxTokens) {
        if (texts.isEmpty()) {
            return List.of();
        }
        Encoding[] encodings = texts.size() == 1
                ? new Encoding[] {model.tokenizer().encode(texts.getFirst())}
                : model.tokenizer().batchEncode(texts);
        return Arrays.stream(encodings)
                .map(encoding -> cut(encoding.getIds(), Math.min(maxTokens, maxTokens())))
                .toList();
    }

    private static long[] cut(long[] ids, int length) {
        if (ids.length <= length) {
            return ids;
        }
        long[] kept = Arrays.copyOf(ids, length);
        kept[length - 1] = ids[ids.length - 1]; // the closing [SEP]
        return kept;
    }

    /**
     * Runs the adapted encoder without recording a graph, for callers that hold the encoder.
     *
     * @param weights the model's, some of them replaced perhaps
     * @param head from the texts' vectors [B,D] to [B,L]
     * @return L floats a text, in the order of the texts
     */
    float[][] run(BertWeights weights, List<long[]> texts, Adapter adapter, UnaryOperator<PtNDArray> head) {
        float[][] results = new float[texts.size()][];
        prepareThread(texts);
        for (List<Integer> indices : LengthBatches.of(texts)) {
            List<long[]> batch = indices.stream().map(texts::get).toList();
            try (PtNDManager scope = Torch.within(model.memory())) {
                float[] flat = head.apply(BertEncoder.embed(weights, adapter, batch(scope, batch)))
                        .toFloatArray(); // [B,L]
                int width = flat.length / batch.size();
                for (int i = 0; i < batch.size(); i++) {
                    results[indices.get(i)] = Arrays.copyOfRange(flat, i * width, (i + 1) * width);
                }
            }
        }
        return results;
    }

    private static void prepareThread(List<long[]> texts) {
        if (texts.stream().mapToInt(ids -> ids.length).sum() <= SMALL_TOKENS) {
            Torch.smallInference();
        } else {
            Torch.inference();
        }
    }

    TokenBatch batch(PtNDManager scope, List<long[]> texts) {
        return TokenBatch.of(scope, model.weights().config(), texts, model.pooling());
    }

    /** Where it was opened, unless it came from the class path. */
    Optional<Path> directory() {
        return Optional.ofNullable(directory);
    }

    /** What adapters over it say that they belong to. */
    BaseModel reference() {
        return directory == null ? BaseModel.named(id()) : AdapterDirectory.base(directory);
    }

    BertModel model() {
        return model;
    }

    Retained.Hold hold() {
        return retained.hold();
    }

    /** Positions of the model. */
    int maxTokens() {
        return model.weights().config().maxPositions();
    }

    /** Frees the weights once all that was opened over them, here and elsewhere in the process, is closed too. */
    @Override
    public void close() {
        retained.close();
    }
}
