package dev.perennial.lora.tensor;

import ai.djl.pytorch.engine.PtNDArray;
import org.jspecify.annotations.Nullable;

/**
 * Parts of a transformer in one call each, as pure functions in 32-bit floats. Results live in the memory scope of the
 * first argument, and nothing in between outlives a call but what a gradient needs; of an attention that is not the
 * scores, T times S numbers a head, but their logarithmic sums, T.
 *
 * <p>On the processor an operation's results are the same to the last bit from run to run. Safe for many threads.
 */
public final class Fused {
    private static final String METHODS = """
              def spread(SELF,
                x: Tensor,
                q: Tensor) -> Tensor:
                b = torch.size(x, 0)
                n = torch.size(x, 1)
                s = torch.size(x, 2)
                e = torch.size(x, 3)
                h = torch.size(q, 1)
                if torch.eq(n, h):
                  y = x
                else:
                  each = torch.expand(torch.unsqueeze(x, 2), [b, n, torch.floordiv(h, n), s, e])
                  y = torch.reshape(each, [b, h, s, e])
                return y
              def joined(SELF,
                x: Tensor) -> Tensor:
                b = torch.size(x, 0)
                h = torch.size(x, 1)
                t = torch.size(x, 2)
                e = torch.size(x, 3)
                return torch.reshape(torch.transpose(x, 1, 2), [b, t, torch.mul(h, e)])
              def causal(SELF,
                q: Tensor,
                k: Tensor,
                v: Tensor) -> Tensor:
                y = torch.scaled_dot_product_attention(q, (self).spread(k, q), (self).spread(v, q), None, 0., True)
                return (self).joined(y)
              def open(SELF,
                q: Tensor,
                k: Tensor,
                v: Tensor) -> Tensor:
                rows = torch.reshape(q, [torch.size(q, 0), torch.size(k, 1), -1, torch.size(q, 3)])
                y = torch.scaled_dot_product_attention(rows, k, v, None, 0., False)
                b = torch.size(q, 0)
                h = torch.size(q, 1)
                t = torch.size(q, 2)
                e = torch.size(q, 3)
                return (self).joined(torch.reshape(y, [b, h, t, e]))
              def masked(SELF,
                q: Tensor,
                k: Tensor,
                v: Tensor,
                mask: Tensor) -> Tensor:
                y = torch.scaled_dot_product_attention(q, (self).spread(k, q), (self).spread(v, q), mask, 0., False)
                return (self).joined(y)
              def rms_norm(SELF,
                x: Tensor,
                w: Tensor,
                epsilon: Tensor) -> Tensor:
                square = torch.mean(torch.mul(x, x), [-1], True)
                return torch.mul(torch.mul(x, torch.rsqrt(torch.add(square, epsilon))), w)
              def swi_glu(SELF,
                gate: Tensor,
                up: Tensor) -> Tensor:
                return torch.mul(torch.silu(gate), up)
              def rotated(SELF,
                x: Tensor,
                cosine: Tensor,
                sine: Tensor) -> Tensor:
                first, second = torch.chunk(x, 2, -1)
                return torch.add(torch.mul(x, cosine), torch.mul(torch.cat([second, first], -1), sine))
            """;

    private static final class Loaded {
        static final TorchScript SCRIPT = TorchScript.of(METHODS);
    }

    private Fused() {}

    /**
     * {@code softmax(Q K^T / sqrt(E) + mask) V} in each head; neighbouring heads of queries share one of keys and values.
     *
     * <p>Source: Vaswani et al., arXiv:1706.03762, section 3.2, computed in blocks as in Dao et al., arXiv:2205.14135, by
     * PyTorch's scaled_dot_product_attention. Different: none that rounding does not make.
     *
     * @param q [B,H,T,E]
     * @param k [B,K,S,E], H a multiple of K
     * @param v [B,K,S,E]
     * @param mask what is added to the scores, [1 or B,1,1 or T,S]; null if every query looks at all
     * @return [B,T,H*E]
     */
    public static PtNDArray attention(PtNDArray q, PtNDArray k, PtNDArray v, @Nullable PtNDArray mask) {
        return mask == null ? Loaded.SCRIPT.call("open", q, k, v) : Loaded.SCRIPT.call("masked", q, k, v, mask);
    }

    /** The same where the query at each place looks at the keys up to its own: S is T, and what is beyond is not computed. */
    public static PtNDArray causalAttention(PtNDArray q, PtNDArray k, PtNDArray v) {
        return Loaded.SCRIPT.call("causal", q, k, v);
    }

    /**
     * {@code w x / sqrt(mean(x^2) + epsilon)} over the last dimension (Zhang and Sennrich, arXiv:1910.07467).
     *
     * @param w [D]
     * @param epsilon a scalar
     */
    public static PtNDArray rmsNorm(PtNDArray x, PtNDArray w, PtNDArray epsilon) {
        return Loaded.SCRIPT.call("rms_norm", x, w, epsilon);
    }

    /** {@code gate sigmoid(gate) up}, element by element (Shazeer, arXiv:2002.05202). */
    public static PtNDArray swiGlu(PtNDArray gate, PtNDArray up) {
        return Loaded.SCRIPT.call("swi_glu", gate, up);
    }

    /** {@code x cosine + swap(x) sine}, swap exchanging the halves of the last dimension. */
    public static PtNDArray rotated(PtNDArray x, PtNDArray cosine, PtNDArray sine) {
        return Loaded.SCRIPT.call("rotated", x, cosine, sine);
    }
}
