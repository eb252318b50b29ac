package dev.perennial.lora;

import dev.perennial.lora.bert.BertDirectory;
import dev.perennial.lora.bert.BertModel;
import dev.perennial.lora.decoder.DecoderModel;
import dev.perennial.lora.tensor.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the model directory it is given and says how much memory that took at most. */
final class LoadingProcess {
    private LoadingProcess() {}

    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        Torch.inference(); // what the engine itself takes is there before
        long before = ProcessStatus.peakKb();
        String sha256;
        if (Files.readString(directory.resolve("config.json")).contains("\"bert\"")) {
            try (BertModel model = BertDirectory.load(directory)) {
                sha256 = model.sha256();
            }
        } else {
            try (DecoderModel model = DecoderModel.open(directory)) {
                sha256 = model.sha256();
            }
        }
        System.out.println("opened " + sha256 + " before " + before + " kB peak " + ProcessStatus.peakKb() + " kB");
    }
}
