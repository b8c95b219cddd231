package org.gridwarden.simulator.zigbee.net;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import org.gridwarden.simulator.zigbee.radio.MacAddress;
import org.gridwarden.simulator.zigbee.radio.MacFrame;

/**
 * Lets newcomers associate, while joining is permitted: answers their beacon requests and gives
 * them an address. The answer goes at once, not when the newcomer polls for it. On the model's
 * thread only.
 */
final class Parent {
  static final int ASSOCIATION_REQUEST = 0x01;
  static final int ASSOCIATION_RESPONSE = 0x02;
  static final int BEACON_REQUEST = 0x07;

  private static final int REFUSED = 0x02;

  private final NetNode node;
  private final BiConsumer<Integer, Long> came;
  private final Map<Long, Integer> children = new HashMap<>();
  private long permittedUntil;

  /**
   * @param came told of each newcomer: its address, its name
   */
  Parent(NetNode node, BiConsumer<Integer, Long> came) {
    this.node = node;
    this.came = came;
  }

  /** Permits joining. */
  void permit(long micros) {
    permittedUntil = micros == 0 ? 0 : node.net().air().time().now() + micros;
  }

  boolean permits() {
    return node.inside() && node.net().air().time().now() < permittedUntil;
  }

  /** The address of a newcomer; empty where it came to somebody else. */
  Optional<Integer> child(long eui64) {
    return Optional.ofNullable(children.get(eui64));
  }

  /** Takes a command of the MAC layer. */
  void take(MacFrame frame) {
    if (frame.type() != MacFrame.Type.COMMAND || frame.payload().length == 0 || !node.inside()) {
      return;
    }
    int command = frame.payload()[0];
    if (command == BEACON_REQUEST && permits()) {
      OptionalInt depth = node.net().distance(node, 0);
      if (depth.isPresent()) {
        byte[] beacon = {(byte) depth.getAsInt(), 1};
        node.mac().send(MacFrame.Type.BEACON, node.pan(), MacAddress.ALL, beacon, sent -> {});
      }
    } else if (command == ASSOCIATION_REQUEST && frame.from().extended()) {
      associate(frame.from());
    }
  }

  private void associate(MacAddress newcomer) {
    int address = NetNode.NONE;
    if (permits()) {
      address = children.computeIfAbsent(newcomer.value(), n -> free());
    }
    byte[] response =
        ByteBuffer.allocate(4)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) ASSOCIATION_RESPONSE)
            .putShort((short) address)
            .put((byte) (address == NetNode.NONE ? REFUSED : 0))
            .array();
    int given = address;
    node.mac()
        .send(
            MacFrame.Type.COMMAND,
            node.pan(),
            newcomer,
            response,
            outcome -> {
              if (given != NetNode.NONE) {
                came.accept(given, newcomer.value());
              }
            });
  }

  /** Addresses are given by chance (nwkAddrAlloc 2). */
  private int free() {
    int address;
    do {
      address = 1 + node.net().air().random().nextInt(0xFFF6);
    } while (node.net().taken(address) || children.containsValue(address));
    return address;
  }
}
