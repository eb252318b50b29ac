package dev.perennial.lora.onnx;

import dev.perennial.lora.ModelFormatException;
import dev.perennial.lora.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The float weights of an exported BERT encoder under their Hugging Face names.
 *
 * <p>Biases, layer norms and embeddings keep those names in the file. The weight of a linear is anonymous and stored
 * [in,out]: its name is that of the MatMul node that uses it ({@code /encoder/layer.0/attention/self/query/MatMul}), and
 * it is handed out transposed, [out,in].
 *
 * <p>Field numbers: onnx/onnx.proto, ModelProto.graph 7, GraphProto.node 1 and initializer 5, NodeProto.input 1, name 3
 * and op_type 4, TensorProto.dims 1, data_type 2, name 8 and raw_data 9.
 */
public final class OnnxWeights {
    private static final int FLOAT = 1;

    private final Map<String, Initializer> initializers = new HashMap<>();
    private final Map<String, String> linears = new HashMap<>();

    private record Initializer(List<Long> dims, ByteBuffer values) {}

    public OnnxWeights(ByteBuffer model) {
        ProtobufFields fields = new ProtobufFields(model);
        for (int field = fields.next(); field != 0; field = fields.next()) {
            if (field == 7) {
                readGraph(new ProtobufFields(fields.bytes()));
            } else {
                fields.skip();
            }
        }
    }

    private void readGraph(ProtobufFields graph) {
        for (int field = graph.next(); field != 0; field = graph.next()) {
            switch (field) {
                case 1 -> readNode(new ProtobufFields(graph.bytes()));
                case 5 -> readInitializer(new ProtobufFields(graph.bytes()));
                default -> graph.skip();
            }
        }
    }

    private void readNode(ProtobufFields node) {
        List<String> inputs = new ArrayList<>();
        String name = "";
        String operator = "";
        for (int field = node.next(); field != 0; field = node.next()) {
            switch (field) {
                case 1 -> inputs.add(node.text());
                case 3 -> name = node.text();
                case 4 -> operator = node.text();
                default -> node.skip();
            }
        }
        if (operator.equals("MatMul") && name.endsWith("/MatMul")) {
            String module = name.substring(1, name.length() - "/MatMul".length());
            linears.put(module.replace('/', '.') + ".weight", inputs.getLast());
        }
    }

    private void readInitializer(ProtobufFields tensor) {
        List<Long> dims = new ArrayList<>();
        long type = 0;
        String name = "";
        ByteBuffer raw = null;
        for (int field = tensor.next(); field != 0; field = tensor.next()) {
            switch (field) {
                case 1 -> readDims(tensor, dims);
                case 2 -> type = tensor.varint();
                case 8 -> name = tensor.text();
                case 9 -> raw = tensor.bytes();
                default -> tensor.skip();
            }
        }
        if (type == FLOAT && raw != null) {
            initializers.put(name, new Initializer(dims, raw));
        }
    }

    private static void readDims(ProtobufFields tensor, List<Long> dims) {
        if (!tensor.isBytes()) {
            dims.add(tensor.varint());
            return;
        }
        ProtobufFields packed = new ProtobufFields(tensor.bytes());
        while (packed.hasRemaining()) {
            dims.add(packed.rawVarint());
        }
    }

    public boolean has(String name) {
        return initializers.containsKey(linears.getOrDefault(name, name));
    }

    public Tensor tensor(String name) {
        String stored = linears.getOrDefault(name, name);
        Initializer found = initializers.get(stored);
        if (found == null) {
            throw new ModelFormatException("the ONNX file has no weight '" + name + "'");
        }
        float[] values = new float[found.values.remaining() / 4];
        found.values.duplicate().order(found.values.order()).asFloatBuffer().get(values);
        return linears.containsKey(name) ? transposed(values, found.dims) : new Tensor(found.dims, values);
    }

    private static Tensor transposed(float[] values, List<Long> dims) {
        int in = Math.toIntExact(dims.getFirst());
        int out = Math.toIntExact(dims.getLast());
        float[] result = new float[values.length];
        for (int i = 0; i < in; i++) {
            for (int o = 0; o < out; o++) {
                result[o * in + i] = values[i * out + o];
            }
        }
        return Tensor.of(result, out, in);
    }
}
