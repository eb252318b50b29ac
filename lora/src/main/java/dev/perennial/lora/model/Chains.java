package dev.perennial.lora.model;

import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import dev.perennial.lora.tensor.Torch;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a {@link LayerChain} forwards and backwards. Each layer has a memory scope of its own, so that of what it makes
 * only that stays which the recorded graph needs.
 */
public final class Chains {
    private Chains() {}

    /** From what goes into the first layer to what comes out of the last one, [B,T,D]. */
    public static PtNDArray forward(LayerChain chain) {
        return forward(chain, 0, chain.layers(), chain.start());
    }

    /**
     * Records a graph if the thread's mode says so.
     *
     * @param x what goes into layer {@code from}, [B,T,D]
     * @return what goes into layer {@code to}, [B,T,D], in the memory scope of {@code x}
     */
    public static PtNDArray forward(LayerChain chain, int from, int to, PtNDArray x) {
        PtNDArray current = x;
        for (int i = from; i < to; i++) {
            PtNDArray input = current;
            current = output(chain, i, input);
            if (i > from) {
                input.close();
            }
        }
        return current;
    }

    /**
     * Adds the gradients of a loss to those of all that is trained in the layers from {@code from} on and in the loss.
     *
     * <p>With checkpointing (Chen et al., arXiv:1604.06174, with every layer's input kept) a layer's graph exists only while
     * the gradient passes through it: the layers run once more, and the gradients are the same to the last bit. Different
     * from torch.utils.checkpoint: no random state is restored, for a layer here has none.
     *
     * @param from the lowest layer with something to train; the number of layers if only the loss has
     * @param x what goes into it, [B,T,D], without a graph
     * @return the loss, summed over its parts in their order
     */
    public static double backward(LayerChain chain, int from, PtNDArray x, Loss loss, boolean checkpointing) {
        boolean recording = JniUtils.isGradMode();
        try {
            return checkpointing ? recomputed(chain, from, x, loss) : recorded(chain, from, x, loss);
        } finally {
            JniUtils.setGradMode(recording);
        }
    }

    /** The same if there is something to train below the first layer too: the gradient goes on into {@link LayerChain#start}. */
    public static double backward(LayerChain chain, Loss loss, boolean checkpointing) {
        boolean recording = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try (PtNDArray start = chain.start();
                PtNDArray x = JniUtils.detachGradient(start)) {
            x.setRequiresGradient(true);
            double value = backward(chain, 0, x, loss, checkpointing);
            passOn(x, start);
            return value;
        } finally {
            JniUtils.setGradMode(recording);
        }
    }

    private static double recorded(LayerChain chain, int from, PtNDArray x, Loss loss) {
        JniUtils.setGradMode(true);
        if (from == chain.layers()) {
            return sum(loss, x);
        }
        try (PtNDArray last = forward(chain, from, chain.layers(), x);
                PtNDArray top = JniUtils.detachGradient(last)) {
            top.setRequiresGradient(true);
            double value = sum(loss, top);
            passOn(top, last);
            return value;
        }
    }

    private static double recomputed(LayerChain chain, int from, PtNDArray x, Loss loss) {
        List<PtNDArray> inputs = new ArrayList<>();
        JniUtils.setGradMode(false);
        inputs.add(x);
        for (int i = from; i < chain.layers(); i++) {
            inputs.add(output(chain, i, inputs.getLast()));
        }
        JniUtils.setGradMode(true);
        inputs.stream().skip(1).forEach(input -> input.setRequiresGradient(true));
        double value = sum(loss, inputs.getLast());
        for (int i = chain.layers() - 1; i >= from; i--) {
            try (PtNDArray above = inputs.removeLast();
                    PtNDArray y = output(chain, i, inputs.getLast())) {
                passOn(above, y);
            }
        }
        return value;
    }

    /** Where the graph was cut: the gradient that one side has goes through what was recorded on the other. */
    private static void passOn(PtNDArray leaf, PtNDArray recorded) {
        try (PtNDArray gradient = JniUtils.getGradient(leaf)) {
            JniUtils.backward(recorded, gradient, false, false);
        }
    }

    private static PtNDArray output(LayerChain chain, int index, PtNDArray x) {
        PtNDManager scope = x.getManager();
        try (PtNDManager layer = Torch.within(scope)) {
            x.attach(layer); // for results live where the first operand does
            PtNDArray y = chain.layer(index, x);
            x.attach(scope);
            y.attach(scope);
            return y;
        }
    }

    private static double sum(Loss loss, PtNDArray top) {
        PtNDManager scope = top.getManager();
        double sum = 0;
        for (int i = 0; i < loss.parts(); i++) {
            try (PtNDManager part = Torch.within(scope)) {
                top.attach(part);
                PtNDArray share = loss.part(i, top);
                top.attach(scope);
                JniUtils.backward(share, Torch.scalar(part, 1), false, false);
                sum += share.getFloat();
            }
        }
        return sum;
    }
}
