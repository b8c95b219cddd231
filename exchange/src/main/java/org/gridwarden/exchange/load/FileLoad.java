package org.gridwarden.exchange.load;

import java.util.List;

/**
 * What a file holds, whatever its form.
 *
 * @param form its form, in words
 * @param series a meter's channel each
 * @param notes what a person should know of it
 */
record FileLoad(String form, List<Series> series, List<String> notes) {
  FileLoad {
    series = List.copyOf(series);
    notes = List.copyOf(notes);
  }
}
