package org.gridwarden.dlms.hdlc;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Answers each APDU with so many as its first byte says, and keeps what came. */
final class Recorder implements ApduService {
  final List<byte[]> heard = new ArrayList<>();

  /** A station with this one logical device 1. */
  HdlcStation station(HdlcSettings settings) {
    return new HdlcStation(
        (device, client) -> device == 1 ? Optional.of(this) : Optional.empty(),
        java.util.OptionalInt.of(17),
        settings);
  }

  @Override
  public List<byte[]> answer(byte[] apdu) {
    heard.add(apdu);
    return answers(apdu);
  }

  /** A question of so many bytes, told apart by its content. */
  static byte[] question(int answers, int length, int answerLength, long seed) {
    byte[] out = new byte[Math.max(4, length)];
    new Random(seed).nextBytes(out);
    out[0] = (byte) answers;
    out[1] = (byte) (answerLength >>> 16);
    out[2] = (byte) (answerLength >>> 8);
    out[3] = (byte) answerLength;
    return out;
  }

  /** What must come back for it. */
  static List<byte[]> answers(byte[] question) {
    int length = (question[1] & 0xFF) << 16 | (question[2] & 0xFF) << 8 | (question[3] & 0xFF);
    List<byte[]> out = new ArrayList<>();
    for (int i = 0; i < question[0]; i++) {
      byte[] answer = new byte[Math.max(1, length)];
      new Random(Arrays.hashCode(question) * 31L + i).nextBytes(answer);
      out.add(answer);
    }
    return out;
  }
}
