package dev.perennial.common;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Settings that all services share.
 *
 * @param artifacts directory of the artifact store; services in several processes name the same one
 * @param maxBody largest request body
 */
@ConfigurationProperties(prefix = "perennial.shared", ignoreUnknownFields = false)
public record PlumbingSettings(Path artifacts, DataSize maxBody) {
    public PlumbingSettings(@Nullable Path artifacts, @Nullable DataSize maxBody) {
        this.artifacts = artifacts == null ? Path.of(".perennial", "artifacts") : artifacts;
        this.maxBody = maxBody == null ? DataSize.ofMegabytes(8) : maxBody;
    }
}
