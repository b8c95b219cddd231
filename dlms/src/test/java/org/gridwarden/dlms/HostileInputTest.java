package org.gridwarden.dlms;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** C39: no input of 64 KiB makes a parser allocate more than 1 MiB or run longer than 10 ms. */
class HostileInputTest {
  private static final int SIZE = 64 * 1024;
  private static final long MOST_BYTES = 1 << 20;
  private static final long MOST_NANOS = 10_000_000;

  private interface Parser {
    void parse(byte[] bytes) throws Exception;
  }

  @Test
  @DisplayName("C39 64 KiB of anything cost A-XDR less than 1 MiB and 10 ms")
  void axdr() throws Exception {
    hold("Axdr.decode", Axdr::decode, "");
  }

  @Test
  @DisplayName("C39 the same of notifications, which are looked at twice where they are wrong")
  void apdus() throws Exception {
    hold("Apdus.decode", Apdus::decode, "0F0000000100");
  }

  @Test
  @DisplayName("C39 the same of layouts")
  void layouts() throws Exception {
    PushLayouts layouts = PushLayouts.builtIn();
    Map<String, byte[]> inputs = inputs();
    for (var input : inputs.entrySet()) {
      byte[] apdu = concat(HexFormat.of().parseHex("0F0000000100"), input.getValue());
      Apdu.DataNotification push;
      try {
        push = (Apdu.DataNotification) Apdus.decode(Arrays.copyOf(apdu, SIZE));
      } catch (DlmsException _) {
        continue;
      }
      hold(
          "layouts: " + input.getKey(),
          _ -> layouts.read(push, layouts.genericProfile()),
          new byte[0]);
    }
    assertThat(inputs).isNotEmpty();
  }

  @Test
  @DisplayName("C39 the same of hexadecimal text")
  void hexInput() throws Exception {
    byte[] wrong = new byte[SIZE];
    Arrays.fill(wrong, (byte) '0');
    Arrays.fill(wrong, SIZE / 2, SIZE, (byte) 'z');
    hold("hex", HostileInputTest::readHex, wrong);
  }

  private static void readHex(byte[] bytes) throws IOException {
    byte[] to = new byte[4096];
    try (HexInput in = new HexInput(new ByteArrayInputStream(bytes), _ -> {})) {
      while (in.read(to, 0, to.length) >= 0) {
        // only the cost counts
      }
    }
  }

  private static void hold(String name, Parser parser, String prefix) throws Exception {
    for (var input : inputs().entrySet()) {
      byte[] bytes = Arrays.copyOf(concat(HexFormat.of().parseHex(prefix), input.getValue()), SIZE);
      hold(name + ": " + input.getKey(), parser, bytes);
    }
  }

  private static void hold(String name, Parser parser, byte[] bytes) throws Exception {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long quickest = Long.MAX_VALUE;
    long least = Long.MAX_VALUE;
    // the best of several: code must be compiled first
    for (int i = 0; i < 12 && (i < 3 || quickest > MOST_NANOS || least > MOST_BYTES); i++) {
      long allocated = threads.getCurrentThreadAllocatedBytes();
      long begun = threads.getCurrentThreadCpuTime();
      try {
        parser.parse(bytes);
      } catch (DlmsException _) {
        // refusing is right, too
      }
      quickest = Math.min(quickest, threads.getCurrentThreadCpuTime() - begun);
      least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - allocated);
    }
    assertThat(least).as(name + ", bytes").isLessThanOrEqualTo(MOST_BYTES);
    assertThat(quickest).as(name + ", ns").isLessThanOrEqualTo(MOST_NANOS);
  }

  /** What is cheap to send and dear to unfold. */
  private static Map<String, byte[]> inputs() {
    Map<String, byte[]> inputs = new TreeMap<>();
    inputs.put("an array of nulls", filled("0182FF00", "00"));
    inputs.put("an array of one-byte strings", filled("01825400", "0901AA"));
    inputs.put("an array of one-letter texts", filled("01825400", "0A0141"));
    inputs.put("an array of long-unsigned", filled("01825400", "120102"));
    inputs.put("an array of structures of one", filled("01825400", "020111"));
    inputs.put("an array of structures of a null", filled("01825400", "020100"));
    inputs.put("an array of empty structures", filled("01827F00", "0200"));
    inputs.put("an array of bit-strings", filled("01825400", "0401FF"));
    inputs.put("structures in structures", filled("", "0201"));
    inputs.put("arrays that claim all", filled("", "0182F000"));
    inputs.put("structures that claim all", filled("", "0282F000"));
    inputs.put("a huge count", filled("0184FFFFFFFF", "00"));
    inputs.put("a compact array of nulls", filled("130082FE00", "00"));
    inputs.put("a compact array of empty arrays", filled("1301000011" + "82FE00", "00"));
    inputs.put("a compact array of arrays of nulls", filled("1301FFFF00" + "82FE00", "00"));
    inputs.put(
        "a compact array of arrays in arrays of nulls",
        filled("1301FFFF01FFFF01FFFF00" + "82FE00", "00"));
    inputs.put("a compact array of long-unsigned", filled("131282FE00", "0102"));
    inputs.put("a compact array of unsigned", filled("131182FE00", "01"));
    inputs.put(
        "a compact array of structures of nulls and a byte",
        filled("130208000000000000001182FE00", "01"));
    inputs.put("descriptions in descriptions", filled("13", "0201"));
    inputs.put("wide descriptions", filled("13", "02FF"));
    inputs.put("rows with a clock each", filled("01820D00", "0201090C07E60101FF0000FF00800000"));
    inputs.put(
        "rows without clocks",
        filled("01823000" + "0202090C07E60101FF000000008000001101", "0202001101"));
    inputs.put("OBIS and value", filled("02823000", "09060100010800FF1101"));
    inputs.put("OBIS in structures", filled("01821000", "020209060100010800FF1101"));
    return inputs;
  }

  private static byte[] filled(String head, String pattern) {
    byte[] bytes = new byte[SIZE];
    byte[] first = HexFormat.of().parseHex(head);
    byte[] repeat = HexFormat.of().parseHex(pattern);
    System.arraycopy(first, 0, bytes, 0, first.length);
    for (int i = first.length; i < SIZE; i++) {
      bytes[i] = repeat[(i - first.length) % repeat.length];
    }
    return bytes;
  }

  private static byte[] concat(byte[] a, byte[] b) {
    byte[] both = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, both, a.length, b.length);
    return both;
  }
}
