package org.gridwarden.channel.zigbee;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.gridwarden.core.MeterId;

/**
 * How an operator tells a coordinator whom to let in: a file in its folder, which it reads and
 * deletes at once, since install codes are secrets. Each line is an address, an install code and a
 * meter; the first is the seconds for which the network stands open.
 */
public final class Admissions {
  private static final int LONGEST = 254;
  private static final int MOST = 10_000;
  private static final Inbox INBOX = new Inbox("admit", ".csv", MOST * 200);

  private Admissions() {}

  /**
   * Whom to let in.
   *
   * @param eui64 the maker's address, 16 hexadecimal digits
   * @param installCode as it is printed, with its CRC
   * @param meter which meter it is
   */
  public record Guest(String eui64, String installCode, String meter) {
    @Override
    public String toString() {
      return "Guest[" + eui64 + ", " + meter + "]";
    }
  }

  /** Guests, checked. */
  record Invitation(Duration open, List<Invited> guests) {}

  /** A guest with its key. */
  record Invited(Eui64 eui64, com.zsmartsystems.zigbee.security.ZigBeeKey key, MeterId meter) {
    @Override
    public String toString() {
      return "Invited[" + eui64 + ", " + meter + "]";
    }
  }

  /**
   * Reads guests from a file with lines of address, install code, meter.
   *
   * @throws IOException naming the line that is wrong
   */
  public static List<Guest> read(Path file) throws IOException {
    List<Guest> guests = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file)) {
      number++;
      String text = line.strip();
      if (text.isEmpty() || text.startsWith("#") || text.startsWith("eui64,")) {
        continue;
      }
      String[] words = text.split(",", -1);
      if (words.length != 3) {
        throw new IOException(
            file + ", line " + number + ": a line is an address, an install code and a meter");
      }
      guests.add(new Guest(words[0].strip(), words[1].strip(), words[2].strip()));
    }
    return List.copyOf(guests);
  }

  /**
   * Tells a coordinator whom to let in, and for how long.
   *
   * @param open 1 to 254 seconds
   * @throws IllegalArgumentException naming the guest whose address, code or meter is wrong
   * @throws IOException where the folder is not there, or not to be written
   */
  public static void post(Path folder, List<Guest> guests, Duration open) throws IOException {
    if (open.toSeconds() < 1 || open.toSeconds() > LONGEST) {
      throw new IllegalArgumentException("a network stands open for 1 to 254 seconds at a time");
    }
    StringBuilder text = new StringBuilder().append(open.toSeconds()).append('\n');
    for (Guest guest : guests) {
      check(guest);
      text.append(guest.eui64()).append(',').append(guest.installCode()).append(',');
      text.append(guest.meter()).append('\n');
    }
    INBOX.post(folder, text.toString());
  }

  private static Invited check(Guest guest) {
    try {
      Eui64 eui64 = Eui64.parse(guest.eui64());
      return new Invited(
          eui64, InstallCodes.key(eui64, guest.installCode()), new MeterId(guest.meter()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("device " + guest.eui64() + ": " + e.getMessage(), e);
    }
  }

  /** Takes what operators posted; what is not right is dropped, and said so. */
  static List<Invitation> take(Path folder) {
    return INBOX.take(folder, text -> parse(text.lines().toList()));
  }

  private static Optional<Invitation> parse(List<String> lines) {
    if (lines.isEmpty() || lines.size() > MOST) {
      return Optional.empty();
    }
    int seconds = Math.clamp(Integer.parseInt(lines.getFirst().strip()), 1, LONGEST);
    List<Invited> guests = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] words = line.split(",", -1);
      if (words.length == 3) {
        guests.add(check(new Guest(words[0], words[1], words[2])));
      }
    }
    return Optional.of(new Invitation(Duration.ofSeconds(seconds), List.copyOf(guests)));
  }
}
