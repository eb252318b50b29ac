package dev.perennial.lora.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module without parameters in the file format that PyTorch loads, made without PyTorch.
 *
 * <p>Format: the archive of {@code torch.jit.save}, a zip whose entries are stored: the module's object as a pickle, its
 * class as source text, an empty pickle of constants, and the format's version, 10.
 */
final class ScriptArchive {
    private static final String NAME = "Module";

    /** {@code __torch__.Module} made from nothing, with the one attribute every module has: {@code training = False}. */
    private static final byte[] OBJECT = ("\u0080\u0002c__torch__\n" + NAME
                    + "\n)\u0081}(X\u0008\0\0\0training\u0089ub.")
            .getBytes(StandardCharsets.ISO_8859_1);

    /** An empty tuple. */
    private static final byte[] CONSTANTS = "\u0080\u0002).".getBytes(StandardCharsets.ISO_8859_1);

    private ScriptArchive() {}

    /** @param methods TorchScript source of the methods, indented by two; {@code forward}, which there must be, is added */
    static byte[] of(String methods) {
        String code = "class " + NAME + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
                + "  def forward(self: __torch__." + NAME + ",\n    x: Tensor) -> Tensor:\n    return x\n"
                + methods.replace("SELF", "self: __torch__." + NAME);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "m/data.pkl", OBJECT);
            store(zip, "m/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "m/constants.pkl", CONSTANTS);
            store(zip, "m/version", "10\n".getBytes(StandardCharsets.UTF_8));
            store(zip, "m/byteorder", "little".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setTime(0);
        CRC32 checksum = new CRC32();
        checksum.update(content);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
