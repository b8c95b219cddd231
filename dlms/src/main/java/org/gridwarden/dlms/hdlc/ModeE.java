package org.gridwarden.dlms.hdlc;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.gridwarden.dlms.ByteLine;
import org.gridwarden.dlms.DlmsException;

/**
 * How a serial line or an optical head comes from its ASCII beginning to HDLC (IEC 62056-21, annex
 * E): the client signs on at 300 baud, the meter says who it is, how fast it can be and that it
 * speaks HDLC, the client chooses, and both change over. Stateless.
 */
public final class ModeE {
  private static final String HDLC_OFFERED = "\\2";
  private static final int MOST_LINES = 8;

  private ModeE() {}

  /**
   * What a client does.
   *
   * @param address the device address of up to 32 characters; empty: whoever is there
   * @param maxBaud the highest speed that is chosen, 300 to 115,200
   * @param patience how long to wait for each word
   * @param confirmation how long to wait for the meter to repeat the choice, which not all do
   * @param tries how often to sign on, at least 1
   */
  public record Client(
      String address, int maxBaud, Duration patience, Duration confirmation, int tries) {
    /** Any meter, up to 9600 baud: two seconds a word, as the standard's longest, three times. */
    public static final Client DEFAULT =
        new Client("", 9_600, Duration.ofMillis(2_200), Duration.ofMillis(1_500), 3);

    public Client {
      checkAddress(address);
      if (maxBaud < SignOn.FIRST_BAUD || tries < 1) {
        throw new IllegalArgumentException("at least 300 baud, and at least one try");
      }
    }
  }

  /**
   * What a meter says of itself.
   *
   * @param manufacturer three letters; the last one small where it reacts within 20 ms
   * @param baud the highest speed it offers
   * @param text its identification, at most 16 characters without {@code /}, {@code !} and {@code
   *     \}
   */
  public record Identification(String manufacturer, int baud, String text) {
    public Identification {
      if (!manufacturer.matches("[A-Z]{2}[A-Za-z]") || !text.matches("[ -~&&[^/!\\\\]]{0,16}")) {
        throw new IllegalArgumentException(
            "a meter says three letters and at most 16 printable characters of itself");
      }
      SignOn.character(baud);
    }
  }

  /**
   * What a meter does.
   *
   * @param identification what it says
   * @param address which address it answers to beside the empty one; leading zeros say nothing
   * @param choosing how long it waits for the client's choice
   * @param confirming whether it repeats the choice before it changes over
   */
  public record Meter(
      Identification identification, String address, Duration choosing, boolean confirming) {
    public Meter {
      checkAddress(address);
    }

    /** With the standard's two seconds, confirming. */
    public static Meter of(Identification identification, String address) {
      return new Meter(identification, address, Duration.ofSeconds(2), true);
    }
  }

  private static void checkAddress(String address) {
    if (!address.matches("[0-9A-Za-z ]{0,32}")) {
      throw new IllegalArgumentException(
          "a device address has at most 32 digits, letters and spaces");
    }
  }

  /**
   * Signs on as a client; afterwards the line is at the speed chosen, ready for HDLC. An optical
   * head's echo of what is sent is passed over.
   *
   * @return what the meter said, with the speed that was chosen
   * @throws SocketTimeoutException where no meter answers
   * @throws DlmsException where it does, but offers no HDLC
   */
  public static Identification signOn(ByteLine line, Client client)
      throws IOException, DlmsException {
    return signOn(line, client, System::nanoTime);
  }

  static Identification signOn(ByteLine line, Client client, LongSupplier clock)
      throws IOException, DlmsException {
    SignOn.Words words = new SignOn.Words(line, clock);
    for (int i = 0; i < client.tries(); i++) {
      line.configure(SignOn.FIRST_BAUD, ByteLine.Format.SEVEN_EVEN);
      line.write(SignOn.request(client.address()));
      boolean echo = false;
      for (int j = 0; j < MOST_LINES; j++) {
        Optional<String> word = words.next(client.patience());
        if (word.isEmpty()) {
          break;
        }
        String said = SignOn.from(word.get(), "/");
        echo |= said.startsWith("/?");
        if (!said.startsWith("/?") && said.length() >= 5) {
          Identification meter = read(said);
          int baud = Math.min(meter.baud(), SignOn.atMost(client.maxBaud()));
          choose(line, words, client, baud, echo);
          return new Identification(meter.manufacturer(), baud, meter.text());
        }
      }
    }
    throw new SocketTimeoutException("no meter signs on");
  }

  /** {@code /XXXZ\2text}. */
  private static Identification read(String said) throws DlmsException {
    Optional<Integer> baud = SignOn.baud(said.charAt(4));
    if (baud.isEmpty()) {
      throw malformed(4, "the meter's identification names no speed of mode C or E");
    }
    String rest = said.substring(5);
    if (!rest.contains(HDLC_OFFERED)) {
      throw new DlmsException(
          DlmsException.Kind.UNSUPPORTED, 5, "the meter offers no HDLC: it knows no mode E");
    }
    try {
      // other enhancements may stand before it, each with its backslash
      String text = rest.replaceAll("\\\\.", "");
      return new Identification(said.substring(1, 4), baud.get(), text);
    } catch (IllegalArgumentException e) {
      throw malformed(1, "the meter's identification is none");
    }
  }

  private static DlmsException malformed(int at, String what) {
    return new DlmsException(DlmsException.Kind.MALFORMED, at, what);
  }

  private static void choose(
      ByteLine line, SignOn.Words words, Client client, int baud, boolean echo) throws IOException {
    byte[] choice = SignOn.choice(baud);
    line.write(choice);
    String wanted = new String(choice, 0, 4, StandardCharsets.US_ASCII);
    // where the line echoes, the first is our own and the second the meter's
    for (int i = echo ? 2 : 1; i > 0; ) {
      Optional<String> word = words.next(client.confirmation());
      if (word.isEmpty()) {
        break; // some do not confirm; whether it changed over is seen from its UA
      }
      i -= word.get().endsWith(wanted) ? 1 : 0;
    }
    line.configure(baud, ByteLine.Format.EIGHT_NONE);
  }

  /**
   * Waits as a meter for a client that signs on and chooses HDLC; afterwards the line is at the
   * speed chosen. Whatever else comes is passed over, and a choice of another mode is not taken.
   *
   * @param patience how long to wait
   * @return the speed; empty where nobody came in time
   * @throws java.io.EOFException where the line has ended
   */
  public static Optional<Integer> await(ByteLine line, Meter meter, Duration patience)
      throws IOException {
    return await(line, meter, patience, System::nanoTime);
  }

  static Optional<Integer> await(ByteLine line, Meter meter, Duration patience, LongSupplier clock)
      throws IOException {
    SignOn.Words words = new SignOn.Words(line, clock);
    line.configure(SignOn.FIRST_BAUD, ByteLine.Format.SEVEN_EVEN);
    long until = clock.getAsLong() + patience.toNanos();
    boolean offered = false;
    while (true) {
      long left = until - clock.getAsLong();
      if (left <= 0) {
        return Optional.empty();
      }
      Duration wait = Duration.ofNanos(left);
      if (offered && wait.compareTo(meter.choosing()) > 0) {
        wait = meter.choosing();
      }
      Optional<String> word = words.next(wait);
      if (word.isEmpty()) {
        offered = false;
      } else if (isFor(SignOn.from(word.get(), "/?"), meter)) {
        Identification own = meter.identification();
        line.write(
            SignOn.ascii(
                "/"
                    + own.manufacturer()
                    + SignOn.character(own.baud())
                    + HDLC_OFFERED
                    + own.text()
                    + "\r\n"));
        offered = true;
      } else if (offered) {
        Optional<Integer> chosen = chosen(word.get(), meter);
        if (chosen.isPresent()) {
          if (meter.confirming()) {
            line.write(SignOn.choice(chosen.get()));
          }
          line.configure(chosen.get(), ByteLine.Format.EIGHT_NONE);
          return chosen;
        }
      }
    }
  }

  private static boolean isFor(String word, Meter meter) {
    if (!word.startsWith("/?") || !word.endsWith("!")) {
      return false;
    }
    String asked = plain(word.substring(2, word.length() - 1));
    return asked.isEmpty() || asked.equals(plain(meter.address()));
  }

  private static String plain(String address) {
    return address.replaceFirst("^0+", "");
  }

  private static Optional<Integer> chosen(String word, Meter meter) {
    if (word.length() < 4) {
      return Optional.empty();
    }
    String choice = word.substring(word.length() - 4);
    boolean hdlc = choice.charAt(0) == 0x06 && choice.charAt(1) == '2' && choice.charAt(3) == '2';
    return SignOn.baud(choice.charAt(2))
        .filter(baud -> hdlc && baud <= meter.identification().baud());
  }
}
