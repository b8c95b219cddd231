package org.gridwarden.store;

import java.util.List;

/**
 * A page of meters.
 *
 * @param items in the order asked for
 * @param total how many there are over all pages
 * @param page which page this is, from 0
 * @param size how many a page was asked for
 */
public record MeterPage(List<MeterRow> items, long total, int page, int size) {
  public MeterPage {
    items = List.copyOf(items);
  }
}
