package org.gridwarden.channel.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A connection's bytes as MQTT packets and back, by Netty's codec without Netty's network: sockets
 * and threads are ours. Packets that came hold no buffer of Netty's any more once they are {@link
 * Packet}s. Thread-safe.
 */
final class Packets implements AutoCloseable {
  /** A client's id, which is a meter's or a concentrator's name. */
  static final int LONGEST_CLIENT_ID = 256;

  private final EmbeddedChannel codec;

  /**
   * A packet that came.
   *
   * @param payload what a PUBLISH carries, or of length 0
   */
  @SuppressWarnings("ArrayRecordComponent") // made for who reads it
  record Packet(MqttMessage message, byte[] payload) {}

  /**
   * @param longest how many bytes a packet has at most
   */
  Packets(int longest) {
    codec = new EmbeddedChannel(new MqttDecoder(longest, LONGEST_CLIENT_ID), MqttEncoder.INSTANCE);
  }

  /** Takes what was read; gives the packets that are whole now. */
  synchronized List<Packet> read(byte[] bytes, int length) {
    codec.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
    List<Packet> packets = new ArrayList<>();
    for (Object in = codec.readInbound(); in != null; in = codec.readInbound()) {
      if (in instanceof MqttPublishMessage publish) {
        byte[] payload = new byte[publish.payload().readableBytes()];
        publish.payload().readBytes(payload);
        publish.release();
        packets.add(new Packet(publish, payload));
      } else if (in instanceof MqttMessage message) {
        packets.add(new Packet(message, new byte[0]));
      }
    }
    return packets;
  }

  /** A packet's bytes; empty once closed. */
  synchronized Optional<byte[]> write(MqttMessage message) {
    if (!codec.isOpen() || !codec.writeOutbound(message)) {
      return Optional.empty();
    }
    ByteBuf out = codec.readOutbound();
    try {
      byte[] bytes = new byte[out.readableBytes()];
      out.readBytes(bytes);
      return Optional.of(bytes);
    } finally {
      out.release();
    }
  }

  @Override
  public synchronized void close() {
    codec.finishAndReleaseAll();
  }
}
