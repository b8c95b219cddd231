package org.gridwarden.simulator.zigbee.ezsp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.gridwarden.simulator.zigbee.net.ApsFrame;
import org.gridwarden.simulator.zigbee.net.Attacker;
import org.gridwarden.simulator.zigbee.net.Device;
import org.gridwarden.simulator.zigbee.net.Net;
import org.gridwarden.simulator.zigbee.net.NetworkKey;
import org.gridwarden.simulator.zigbee.radio.Air;
import org.gridwarden.simulator.zigbee.radio.Timeline;
import org.gridwarden.simulator.zigbee.security.InstallCode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A dongle that is told by its host, byte for byte, to change the network's key. */
class KeyChangeTest {
  private static final long CENTRE = 0x0247_5700_0000_0000L;
  private static final int PAN = 0x1A62;
  private static final int METERS = 3;
  private static final int REPORT = 0x0702;
  private static final byte[] NEXT = {9, 8, 7, 6, 5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 7, 8};

  private final Timeline time = new Timeline();
  private final Air air = new Air(time, new Random(21));
  private final Net net = new Net(air);
  private final List<byte[]> told = new ArrayList<>();
  private final EzspNcp ncp = new EzspNcp(net, CENTRE, told::add);
  private final List<Device> devices = new ArrayList<>();
  private int sequence;

  /** A command, and the first byte of its answer. */
  private int say(int id, byte... fields) {
    told.clear();
    ByteBuffer frame = ByteBuffer.allocate(3 + fields.length);
    frame.put((byte) sequence++).put((byte) 0).put((byte) id).put(fields);
    ncp.take(frame.array());
    byte[] answer = told.stream().filter(f -> (f[2] & 0xFF) == id).findFirst().orElseThrow();
    return answer.length > 3 ? answer[3] & 0xFF : -1;
  }

  private static ByteBuffer fields(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] key(int number) {
    byte[] code = new byte[16];
    code[0] = (byte) number;
    return InstallCode.key(InstallCode.withCrc(code));
  }

  private void run(long seconds) {
    time.advance(time.now() + seconds * 1_000_000);
  }

  private static ApsFrame report(Device device, boolean secured) {
    return new ApsFrame(
        ApsFrame.Type.DATA,
        false,
        true,
        secured,
        1,
        REPORT,
        0x0109,
        1,
        device.aps().nextCounter(),
        new byte[] {0x18, 1, 0x0A, 1});
  }

  /** How many reports the host is told of in so many seconds; incomingMessageHandler is 0x45. */
  private long heard(long seconds) {
    told.clear();
    run(seconds);
    return told.stream()
        .filter(f -> f[2] == 0x45 && (f[6] & 0xFF | (f[7] & 0xFF) << 8) == REPORT)
        .count();
  }

  private static int numberOf(Device device) {
    return device.aps().node().key().map(NetworkKey::sequence).orElseThrow();
  }

  @BeforeEach
  void networkOfThree() {
    // setInitialSecurityState: with a network key; trust centre's key, the key, its number, centre
    assertThat(say(0x68, fields(2 + 16 + 16 + 1 + 8).putShort((short) 0x0200).array())).isZero();
    // formNetwork: extended number, number, power, channel; method, manager, update, channels
    assertThat(
            say(
                0x1E,
                fields(20).putLong(7).putShort((short) PAN).put((byte) 3).put((byte) 15).array()))
        .isZero();
    for (int i = 1; i <= METERS; i++) {
      Device device = new Device(net, CENTRE + i, key(i), CENTRE, inside -> {});
      Air.Station own = device.aps().node().mac().station();
      devices.forEach(d -> air.link(own, d.aps().node().mac().station(), 0));
      air.link(own, ncp.centre().aps().node().mac().station(), 0);
      devices.add(device);
      assertThat(say(0xAF, fields(24).putLong(CENTRE + i).put(key(i)).array())).isZero();
      time.after(i * 300_000L, device::join);
    }
    assertThat(say(0x22, (byte) 60)).isZero();
    run(40);
    assertThat(devices).allMatch(Device::inside);
  }

  @Test
  @DisplayName(
      "C22: each is told another network key under its own link key, all switch; who stole the"
          + " former one is shut out, and its victim is heard again")
  void theThiefIsShutOut() {
    Device victim = devices.getFirst();
    Attacker thief = new Attacker(net);
    air.link(thief.station(), ncp.centre().aps().node().mac().station(), 0);
    devices.forEach(d -> air.link(thief.station(), d.aps().node().mac().station(), 0));
    thief.steal(ncp.centre().aps().node().key().orElseThrow());
    thief.says(PAN, victim.aps().node(), report(victim, false));
    thief.mood(Attacker.Mood.LEAVER);
    assertThat(heard(2)).as("the thief is heard, without a link key").isPositive();
    List<Boolean> acknowledged = new ArrayList<>();
    victim.aps().send(0, report(victim, true), acknowledged::add);
    run(10);
    assertThat(acknowledged).as("its victim's counter is too low").containsExactly(false);

    // unicastNwkKeyUpdate: whom, its name, the key; nobody else is told
    for (Device device : devices) {
      byte[] one =
          fields(26)
              .putShort((short) device.aps().node().address())
              .putLong(device.aps().node().eui64())
              .put(NEXT)
              .array();
      assertThat(say(0xA9, one)).isZero();
    }
    assertThat(say(0xA9, fields(26).putShort((short) 9).putLong(99).put(NEXT).array()))
        .as("a stranger has no link key")
        .isNotZero();
    run(10);
    assertThat(devices).allMatch(d -> numberOf(d) == 0);
    assertThat(say(0x74)).isZero();
    assertThat(told).as("switchNetworkKeyHandler: key 1").anyMatch(f -> f[2] == 0x6E && f[3] == 1);
    run(5);
    assertThat(devices).allMatch(d -> numberOf(d) == 1);
    assertThat(devices.getLast().aps().node().key().orElseThrow().key()).isEqualTo(NEXT);

    assertThat(heard(5)).as("the thief is heard no longer").isZero();
    assertThat(ncp.centre().aps().node().watch().forgedFrames()).isPositive();
    acknowledged.clear();
    devices.forEach(d -> d.aps().send(0, report(d, true), acknowledged::add));
    assertThat(heard(10)).isEqualTo(METERS);
    assertThat(acknowledged).containsExactly(true, true, true);
    assertThat(devices).as("nobody joined anew").allMatch(d -> d.joins() == 1);
  }

  @Test
  void withoutAKeyThatWasToldThereIsNoSwitch() {
    assertThat(say(0x74)).isNotZero();
    assertThat(told).noneMatch(f -> f[2] == 0x6E);
    assertThat(devices).allMatch(d -> numberOf(d) == 0);
  }
}
