package dev.perennial.registry.version;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the door for adapters that were made elsewhere.
 *
 * @param maxUnpacked largest adapter, unpacked
 */
@ConfigurationProperties(prefix = "perennial.registry.imports", ignoreUnknownFields = false)
public record ImportSettings(DataSize maxUnpacked) {
    public ImportSettings(@Nullable DataSize maxUnpacked) {
        this.maxUnpacked = maxUnpacked == null ? DataSize.ofMegabytes(256) : maxUnpacked;
    }
}
