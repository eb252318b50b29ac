package dev.perennial.lora.bert;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.model.WeightSource;
import dev.perennial.lora.onnx.OnnxWeights;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** The sentence encoders that langchain4j ships as jars, by the resources in them. */
public record EmbeddedModel(String id, Pooling pooling, BertConfig config) {
    private static final List<EmbeddedModel> ALL = List.of(
            new EmbeddedModel(
                    "all-minilm-l6-v2", Pooling.MEAN, new BertConfig(384, 6, 12, 1536, 30522, 512, 0, 2, 1e-12)),
            new EmbeddedModel(
                    "bge-small-zh-v1.5", Pooling.CLS, new BertConfig(512, 4, 8, 2048, 21128, 512, 0, 2, 1e-12)));

    public static Optional<EmbeddedModel> named(String id) {
        return ALL.stream().filter(model -> model.id.equals(id)).findFirst();
    }

    public static List<String> ids() {
        return ALL.stream().map(EmbeddedModel::id).toList();
    }

    public BertModel load() {
        return BertModel.load(id, config, pooling, weights(), () -> resource("-tokenizer.json"));
    }

    WeightSource weights() {
        try (InputStream onnx = resource(".onnx")) {
            return new OnnxWeights(ByteBuffer.wrap(onnx.readAllBytes()))::tensor;
        } catch (IOException e) {
            throw new ModelFormatException("the weights of " + id + " cannot be read from the class path", e);
        }
    }

    InputStream resource(String suffix) throws IOException {
        InputStream found = EmbeddedModel.class.getClassLoader().getResourceAsStream(id + suffix);
        if (found == null) {
            throw new FileNotFoundException(id + suffix + " is not on the class path");
        }
        return found;
    }
}
