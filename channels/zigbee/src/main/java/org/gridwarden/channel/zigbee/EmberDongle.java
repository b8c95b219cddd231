package org.gridwarden.channel.zigbee;

import com.zsmartsystems.zigbee.IeeeAddress;
import com.zsmartsystems.zigbee.dongle.ember.ZigBeeDongleEzsp;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.EzspFrame;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.EzspFrameRequest;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.command.EzspRemoveDeviceRequest;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.command.EzspRemoveDeviceResponse;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.command.EzspSwitchNetworkKeyHandler;
import com.zsmartsystems.zigbee.dongle.ember.ezsp.structure.EmberStatus;
import com.zsmartsystems.zigbee.dongle.ember.internal.serializer.EzspSerializer;
import com.zsmartsystems.zigbee.dongle.ember.internal.transaction.EzspSingleResponseTransaction;
import com.zsmartsystems.zigbee.transport.ZigBeePort;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The library's driver, and what it has no request for: another network key (UG100, the commands of
 * the trust centre). Answers to frames that it does not know it acknowledges and drops; so what was
 * done is known by the callback that tells of the switch. Thread-safe.
 */
final class EmberDongle extends ZigBeeDongleEzsp {
  /** Tells one device the key that will follow, under its link key. */
  static final int UNICAST_KEY = 0xA9;

  /** Has all switch to it. */
  static final int SWITCH_KEY = 0x74;

  private volatile CompletableFuture<Integer> switched = new CompletableFuture<>();

  EmberDongle(ZigBeePort port) {
    super(port);
  }

  /** A request that the library has none of. */
  static final class Request extends EzspFrameRequest {
    private final int[] fields;

    private Request(int id, int[] fields) {
      this.frameId = id;
      this.fields = fields.clone();
    }

    @Override
    public int[] serialize() {
      EzspSerializer out = new EzspSerializer();
      serializeHeader(out);
      for (int value : fields) {
        out.serializeUInt8(value);
      }
      return out.getPayload();
    }

    @Override
    public String toString() {
      return "Request[" + frameId + "]"; // its fields may be a key
    }
  }

  /** The first time it is the coordinator's own following key, too. */
  static Request keyFor(int address, IeeeAddress device, int[] key) {
    int[] fields = new int[2 + 8 + 16];
    fields[0] = address & 0xFF;
    fields[1] = address >>> 8;
    System.arraycopy(device.getValue(), 0, fields, 2, 8);
    System.arraycopy(key, 0, fields, 10, 16);
    return new Request(UNICAST_KEY, fields);
  }

  static Request switchAll() {
    return new Request(SWITCH_KEY, new int[0]);
  }

  /** Tells a device the key that will follow. */
  void tellKey(int address, IeeeAddress device, int[] key) {
    getProtocolHandler().queueFrame(keyFor(address, device, key));
  }

  /**
   * Has all switch to the key that was told.
   *
   * @return its number; empty where the dongle does not say in time that it switched
   */
  OptionalInt switchKey(Duration patience) throws InterruptedException {
    CompletableFuture<Integer> mine = new CompletableFuture<>();
    switched = mine;
    getProtocolHandler().queueFrame(switchAll());
    try {
      return OptionalInt.of(mine.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException | ExecutionException e) {
      return OptionalInt.empty();
    }
  }

  /**
   * Sends a device away.
   *
   * @return whether the dongle takes it
   */
  boolean sendAway(int address, IeeeAddress device) {
    EzspRemoveDeviceRequest request = new EzspRemoveDeviceRequest();
    request.setDestShort(address);
    request.setDestLong(device);
    request.setTargetLong(device);
    return getProtocolHandler()
                .sendEzspTransaction(
                    new EzspSingleResponseTransaction(request, EzspRemoveDeviceResponse.class))
                .getResponse()
            instanceof EzspRemoveDeviceResponse response
        && response.getStatus() == EmberStatus.EMBER_SUCCESS;
  }

  @Override
  public void handlePacket(EzspFrame frame) {
    if (frame instanceof EzspSwitchNetworkKeyHandler told) {
      switched.complete(told.getSequenceNumber());
    }
    super.handlePacket(frame);
  }
}
