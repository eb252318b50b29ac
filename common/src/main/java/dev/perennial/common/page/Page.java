package dev.perennial.common.page;

import java.util.List;

/**
 * One page of a list.
 *
 * @param page from 0
 * @param size most items a page has
 * @param total items on all pages
 */
public record Page<T>(List<T> items, int page, int size, long total) {
    public Page {
        items = List.copyOf(items);
    }
}
