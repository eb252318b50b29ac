package dev.perennial.lora.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.perennial.lora.ModelFormatException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProtobufFieldsTest {
    @Test
    void fieldsAreReadOrSkippedByTheirNumber() {
        // 1: 150, 2: "testing", 3: eight fixed bytes, 4: four fixed bytes
        ProtobufFields fields = fields("08960112077465737469" + "6e67" + "190000000000000000" + "2500000000");
        assertThat(fields.next()).isEqualTo(1);
        assertThat(fields.varint()).isEqualTo(150);
        assertThat(fields.next()).isEqualTo(2);
        assertThat(fields.text()).isEqualTo("testing");
        assertThat(fields.next()).isEqualTo(3);
        fields.skip();
        assertThat(fields.next()).isEqualTo(4);
        fields.skip();
        assertThat(fields.next()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"12", "1205ab", "12ffffffffffffffffff01", "0b", "08ff", "08ffffffffffffffffffffff", "190000"})
    void aBrokenMessageIsRefused(String hexadecimal) {
        ProtobufFields fields = fields(hexadecimal);
        assertThatThrownBy(() -> {
                    while (fields.next() != 0) {
                        fields.skip();
                    }
                })
                .isInstanceOf(ModelFormatException.class);
    }

    private static ProtobufFields fields(String hexadecimal) {
        return new ProtobufFields(ByteBuffer.wrap(HexFormat.of().parseHex(hexadecimal)));
    }
}
