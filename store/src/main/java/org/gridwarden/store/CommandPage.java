package org.gridwarden.store;

import java.util.List;

/**
 * A page of commands.
 *
 * @param items in the order asked for
 * @param total how many the query fits in all
 */
public record CommandPage(List<StoredCommand> items, long total) {
  public CommandPage {
    items = List.copyOf(items);
  }
}
