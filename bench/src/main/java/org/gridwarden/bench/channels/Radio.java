package org.gridwarden.bench.channels;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A radio's model: what a message costs a meter that lives on a battery. Sending and receiving take
 * the time that the bytes do at the radio's rate; in between the meter waits for its answer, and
 * after it the radio stays awake for a while. Powers in mW, rates in kbit/s.
 *
 * @param tailSeconds how long it stays awake after an exchange
 * @param source where the figures are from
 */
record Radio(
    String name,
    double sending,
    double receiving,
    double waiting,
    double tail,
    double tailSeconds,
    double upKilobits,
    double downKilobits,
    String source) {
  private static final String FILE = "radios.csv";

  /** The radios of the data file; the first is the one taken where a link names none. */
  static List<Radio> all() {
    List<Radio> all = new ArrayList<>();
    try (InputStream in = Radio.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException(FILE + " is missing");
      }
      BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      boolean head = true;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.startsWith("#") && !line.isBlank()) {
          if (!head) {
            all.add(of(line));
          }
          head = false;
        }
      }
      return all;
    } catch (IOException e) {
      throw new IllegalStateException(FILE + " cannot be read", e);
    }
  }

  private static Radio of(String line) {
    String[] p = line.split(",", 9);
    return new Radio(
        p[0],
        Double.parseDouble(p[1]),
        Double.parseDouble(p[2]),
        Double.parseDouble(p[3]),
        Double.parseDouble(p[4]),
        Double.parseDouble(p[5]),
        Double.parseDouble(p[6]),
        Double.parseDouble(p[7]),
        p[8].replace("\"", ""));
  }

  /** The one of a link; the first where it has none of its own. */
  static Radio of(List<Radio> radios, String link) {
    return radios.stream().filter(r -> r.name.equals(link)).findFirst().orElse(radios.getFirst());
  }

  /**
   * What an exchange costs, in mJ.
   *
   * @param up bytes sent
   * @param down bytes received
   * @param seconds how long its answer is waited for
   */
  double exchange(double up, double down, double seconds) {
    return up * 8 / (upKilobits * 1_000) * sending
        + down * 8 / (downKilobits * 1_000) * receiving
        + seconds * waiting
        + tailSeconds * tail;
  }
}
