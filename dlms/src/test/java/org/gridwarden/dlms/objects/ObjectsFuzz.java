package org.gridwarden.dlms.objects;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.gridwarden.dlms.Axdr;
import org.gridwarden.dlms.DlmsData;
import org.gridwarden.dlms.DlmsException;
import org.gridwarden.dlms.Outcome;
import org.gridwarden.dlms.Selection;
import org.gridwarden.dlms.Service;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * C39: any attribute of any object read, written or a method invoked with any data, in any order:
 * never an exception, each answer is one that can be sent, and what is kept stays small.
 */
class ObjectsFuzz {
  private static final int MAX_ANSWER = 256 << 10;
  private static final int MAX_STEPS = 200;

  /** Steps of: object, what is done, attribute or method, two bytes of length, the data. */
  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void anyStep(byte[] input) {
    List<CosemObject> objects = everything();
    for (int at = 0, steps = 0; at + 5 <= input.length && steps < MAX_STEPS; steps++) {
      CosemObject object = objects.get((input[at] & 0xFF) % objects.size());
      int index = input[at + 2];
      int length = (input[at + 3] & 0xFF) << 8 | (input[at + 4] & 0xFF);
      int to = Math.min(input.length, at + 5 + length);
      step(object, input[at + 1] & 3, index, data(Arrays.copyOfRange(input, at + 5, to)));
      at = to;
    }
    for (CosemObject object : objects) {
      for (int a = 2; a <= object.identity().attributes(); a++) {
        sendable(object.get(a, Optional.empty()));
      }
    }
  }

  /** One of each setup, payment and association class, then all that a whole meter has. */
  private static List<CosemObject> everything() {
    List<CosemObject> objects = new ArrayList<>(SampleObjects.all());
    Instant now = Instant.parse("2026-03-29T12:00:00Z");
    objects.addAll(
        new ReferenceMeter(
                ReferenceMeter.Setup.of(
                    "GWD0000001",
                    () -> now,
                    ZoneId.of("Europe/Berlin"),
                    EnergySource.steady(now.minus(Duration.ofDays(3)), 1000)))
            .objects()
            .all());
    return objects;
  }

  private static void step(CosemObject object, int kind, int index, Optional<DlmsData> data) {
    switch (kind) {
      case 0 -> sendable(object.get(index, Optional.empty()));
      case 1 -> {
        Outcome before = object.get(index, Optional.empty());
        if (data.isPresent() && !object.set(index, data.get()).isSuccess()) {
          assertThat(object.get(index, Optional.empty())).isEqualTo(before);
        }
      }
      case 2 -> {
        Service.Invoked invoked = object.invoke(index, data);
        invoked.returned().ifPresent(ObjectsFuzz::sendable);
      }
      default ->
          data.ifPresent(parameters ->
              sendable(object.get(Math.abs(index) % 8, selection(index, parameters))));
    }
  }

  private static Optional<Selection> selection(int index, DlmsData parameters) {
    return Optional.of(new Selection((index & 0xFF) >> 3 & 7, parameters));
  }

  private static Optional<DlmsData> data(byte[] bytes) {
    try {
      return Optional.of(Axdr.decode(bytes));
    } catch (DlmsException e) {
      return Optional.empty();
    }
  }

  private static void sendable(Outcome outcome) {
    if (outcome instanceof Outcome.Value(DlmsData value)) {
      byte[] bytes = Axdr.encode(value);
      assertThat(bytes.length).isLessThanOrEqualTo(MAX_ANSWER);
      assertThat(data(bytes)).contains(value);
    }
  }

  /** What each object holds, written back to it; each method with that and with nothing. */
  static Stream<Arguments> seeds() {
    List<CosemObject> objects = everything();
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(new byte[0]);
    for (int i = 0; i < objects.size(); i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      CosemObject.Identity id = objects.get(i).identity();
      for (int a = 2; a <= id.attributes(); a++) {
        if (objects.get(i).get(a, Optional.empty()) instanceof Outcome.Value(DlmsData value)) {
          byte[] held = Axdr.encode(value);
          if (held.length < 2000) {
            step(out, i, 1, a, held);
          }
        }
      }
      for (int m = 1; m <= id.methods(); m++) {
        step(out, i, 2, m, new byte[] {15, 0});
        step(out, i, 2, m, new byte[0]);
      }
      seeds.add(out.toByteArray());
    }
    seeds.add(imageTransfer());
    seeds.add(payment());
    return seeds.stream().map(seed -> Arguments.of((Object) seed));
  }

  private static byte[] imageTransfer() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // initiate: identifier of one byte, 100 bytes; blocks 0 and 1; verify; activate
    step(out, 1, 2, 1, new byte[] {2, 2, 9, 1, 'f', 6, 0, 0, 0, 100});
    for (int block = 0; block < 2; block++) {
      int length = block == 0 ? 64 : 36;
      byte[] data = new byte[9 + length];
      data[0] = 2;
      data[1] = 2;
      data[2] = 6;
      data[6] = (byte) block;
      data[7] = 9;
      data[8] = (byte) length;
      step(out, 1, 2, 2, data);
    }
    step(out, 1, 2, 3, new byte[] {15, 0});
    step(out, 1, 2, 4, new byte[] {15, 0});
    return out.toByteArray();
  }

  private static byte[] payment() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    step(out, 22, 2, 1, new byte[] {15, 0}); // the account is activated
    step(out, 23, 2, 1, new byte[] {5, 0, 0, 4, 0}); // a credit is updated
    step(out, 24, 2, 3, new byte[] {15, 0}); // another is invoked
    step(out, 27, 2, 3, new byte[] {15, 0}); // a charge is collected
    step(out, 29, 2, 1, new byte[] {9, 1, 'f'}); // a token
    return out.toByteArray();
  }

  private static void step(
      ByteArrayOutputStream out, int object, int kind, int index, byte[] data) {
    out.write(object);
    out.write(kind);
    out.write(index);
    out.write(data.length >> 8);
    out.write(data.length);
    out.writeBytes(data);
  }
}
