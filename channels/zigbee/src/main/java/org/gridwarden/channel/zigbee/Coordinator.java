package org.gridwarden.channel.zigbee;

import com.zsmartsystems.zigbee.IeeeAddress;
import com.zsmartsystems.zigbee.ZigBeeNodeStatus;
import com.zsmartsystems.zigbee.ZigBeeNwkAddressMode;
import com.zsmartsystems.zigbee.ZigBeeStatus;
import com.zsmartsystems.zigbee.aps.ZigBeeApsFrame;
import com.zsmartsystems.zigbee.security.ZigBeeKey;
import com.zsmartsystems.zigbee.transport.ZigBeeTransportProgressState;
import com.zsmartsystems.zigbee.transport.ZigBeeTransportReceive;
import com.zsmartsystems.zigbee.transport.ZigBeeTransportState;
import com.zsmartsystems.zigbee.transport.ZigBeeTransportTransmit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.gridwarden.message.listener.Tally;

/**
 * A dongle while its line is open. The library's driver keeps the line; what it brings is queued at
 * once, since its receiving thread holds 20 frames and loses what is more. Thread-safe.
 */
final class Coordinator implements ZigBeeTransportReceive, AutoCloseable {
  /** Fewer than a dongle takes at once, which are 10. */
  private static final int IN_FLIGHT = 8;

  private static final int QUEUE = 4_096;
  private static final int RADIUS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int TRIES_TO_HAND_OVER = 5;
  private static final long HAND_OVER_PAUSE = 200;
  private static final int ROUTERS = 0xFFFC;

  private final ZigBeeTransportTransmit dongle;
  private final Tally tally;
  private final String name;
  private final BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Semaphore slots = new Semaphore(IN_FLIGHT);
  private final AtomicInteger tags = new AtomicInteger();
  private final Map<Integer, CompletableFuture<ZigBeeTransportProgressState>> sent =
      new ConcurrentHashMap<>();
  private final Map<Integer, Integer> quality = new ConcurrentHashMap<>();
  private final Listener listener;
  private final Thread worker;
  private volatile boolean lost;
  private volatile boolean closed;

  /** Who is told what happens, by one thread. */
  interface Listener {
    void frame(Incoming frame);

    /** A device asks to be let in. */
    void knocked(Eui64 device);

    void left(Eui64 device);
  }

  Coordinator(ZigBeeTransportTransmit dongle, String name, Tally tally, Listener listener) {
    this.dongle = dongle;
    this.name = name;
    this.tally = tally;
    this.listener = listener;
    this.worker = Thread.ofPlatform().name("zigbee-" + name).daemon().unstarted(this::work);
  }

  /**
   * Opens the dongle, and brings its network up, or forms one where there was none ever.
   *
   * @param folder where it is kept which network it is
   * @throws IOException where it cannot, and what to do
   */
  void start(Path folder, ZigbeeSettings settings) throws IOException {
    dongle.setZigBeeTransportReceive(this);
    dongle.setDefaultProfileId(Clusters.PROFILE);
    dongle.setDefaultDeviceId(Dongles.ENERGY_SERVICE_INTERFACE);
    ZigBeeStatus status = dongle.initialize();
    if (status != ZigBeeStatus.SUCCESS) {
      throw new IOException(
          "no dongle answers at "
              + settings.port()
              + ": is it plugged in, of type "
              + settings.type()
              + ", and is the port this user's?");
    }
    Optional<NetworkIdentity> before = NetworkIdentity.read(folder);
    status = dongle.startup(false);
    if (before.isPresent()) {
      before.get().check(dongle, status);
    } else if (status == ZigBeeStatus.SUCCESS && settings.type() == ZigbeeSettings.Type.EZSP) {
      throw new IOException(
          "the dongle at "
              + settings.port()
              + " has a network that "
              + folder
              + " knows nothing of: give it the folder it had before, or reset the dongle");
    } else {
      NetworkIdentity.form(dongle, settings).write(folder);
    }
    Dongles.installCodesOnly(dongle);
    worker.start();
  }

  /** Whether the line is lost, and is to be opened again. */
  boolean lost() {
    return lost;
  }

  /** Asks the dongle how it is. */
  void check() {
    if (!Dongles.alive(dongle)) {
      lost = true;
    }
  }

  /** Has a device come with this key, in the minutes that follow. */
  boolean expect(ZigBeeKey key) {
    return Dongles.expect(dongle, key);
  }

  /** Has a device's link key be another one from now on; false where the dongle cannot. */
  boolean rekey(Eui64 device, byte[] key) {
    return Dongles.rekey(dongle, device, key);
  }

  /** The dongle's own address; empty where it does not say. */
  Optional<Eui64> address() {
    return Optional.ofNullable(dongle.getIeeeAddress()).map(Eui64::of);
  }

  /** Gives the network another key. */
  KeyChange changeKey(List<Known> members, InstantSource clock)
      throws IOException, InterruptedException {
    if (dongle instanceof EmberDongle ember) {
      return KeyChange.make(ember, members, clock);
    }
    throw new IOException("a module of this type gives nobody another network key");
  }

  /** Sends a device away; gives whether the dongle can. */
  boolean sendAway(Known device) {
    return dongle instanceof EmberDongle ember
        && ember.sendAway(device.address(), device.eui64().address());
  }

  /** How well an address was heard at its last hop, 0 to 255; -1 where that is not told. */
  int quality(int address) {
    return quality.getOrDefault(address, -1);
  }

  /** Lets devices associate; with the coordinator and with all routers. */
  void permit(int seconds) throws InterruptedException {
    byte[] request = {0, (byte) seconds, 1};
    send(0, 0, 0, Clusters.PERMIT_JOINING, false, request);
    ZigBeeApsFrame frame = frame(ROUTERS, 0, 0, Clusters.PERMIT_JOINING, false, request);
    dongle.sendCommand(0, frame);
  }

  /**
   * Sends to a device, and waits until it has acknowledged it.
   *
   * @return false where it has not
   */
  boolean send(int to, int endpoint, int profile, int cluster, boolean secured, byte[] payload)
      throws InterruptedException {
    slots.acquire();
    try {
      for (int attempt = 0; attempt < TRIES_TO_HAND_OVER && !lost && !closed; attempt++) {
        ZigBeeTransportProgressState state =
            once(frame(to, endpoint, profile, cluster, secured, payload));
        if (state == ZigBeeTransportProgressState.RX_ACK) {
          return true;
        }
        if (state != ZigBeeTransportProgressState.TX_NAK) {
          return false;
        }
        Thread.sleep(HAND_OVER_PAUSE << attempt); // the dongle has too much to do
      }
      return false;
    } finally {
      slots.release();
    }
  }

  private ZigBeeTransportProgressState once(ZigBeeApsFrame frame) throws InterruptedException {
    int tag = 1 + Math.floorMod(tags.getAndIncrement(), 255);
    CompletableFuture<ZigBeeTransportProgressState> done = new CompletableFuture<>();
    sent.put(tag, done);
    try {
      dongle.sendCommand(tag, frame);
      return done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return ZigBeeTransportProgressState.RX_NAK;
    } finally {
      sent.remove(tag, done);
    }
  }

  private static ZigBeeApsFrame frame(
      int to, int endpoint, int profile, int cluster, boolean secured, byte[] payload) {
    ZigBeeApsFrame frame = new ZigBeeApsFrame();
    frame.setAddressMode(ZigBeeNwkAddressMode.DEVICE);
    frame.setDestinationAddress(to);
    frame.setDestinationEndpoint(endpoint);
    frame.setSourceEndpoint(profile == 0 ? 0 : Clusters.ENDPOINT);
    frame.setProfile(profile);
    frame.setCluster(cluster);
    frame.setSecurityEnabled(secured);
    frame.setAckRequest(true);
    frame.setRadius(RADIUS);
    frame.setApsCounter(0); // the dongle counts
    int[] values = new int[payload.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = payload[i] & 0xFF;
    }
    frame.setPayload(values);
    return frame;
  }

  private void work() {
    try {
      while (!closed) {
        Runnable next = queue.poll(1, TimeUnit.SECONDS);
        if (next != null) {
          try {
            next.run();
          } catch (RuntimeException e) {
            tally.fault(Tally.What.FAILED, name, "a frame was dropped: " + e);
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void enqueue(Runnable what) {
    if (!queue.offer(what)) {
      tally.count(Tally.What.OVER_LIMIT);
    }
  }

  @Override
  public void receiveCommand(ZigBeeApsFrame frame) {
    int[] values = frame.getPayload();
    byte[] payload = new byte[values.length];
    for (int i = 0; i < payload.length; i++) {
      payload[i] = (byte) values[i];
    }
    Incoming incoming =
        new Incoming(
            frame.getSourceAddress(),
            frame.getSourceEndpoint(),
            frame.getProfile(),
            frame.getCluster(),
            frame.getSecurityEnabled(),
            frame.getApsCounter(),
            payload);
    Integer lqi = frame.getReceivedLqi();
    if (lqi != null) {
      quality.put(frame.getSourceAddress(), lqi);
    }
    enqueue(() -> listener.frame(incoming));
  }

  @Override
  public void setTransportState(ZigBeeTransportState state) {
    if (state == ZigBeeTransportState.OFFLINE) {
      lost = true;
    }
  }

  @Override
  public void nodeStatusUpdate(
      ZigBeeNodeStatus status, Integer networkAddress, IeeeAddress address) {
    Eui64 device = Eui64.of(address);
    switch (status) {
      case UNSECURED_JOIN -> enqueue(() -> listener.knocked(device));
      case DEVICE_LEFT -> enqueue(() -> listener.left(device));
      default -> {
        // a rejoin: the device announces itself
      }
    }
  }

  @Override
  public void receiveCommandState(int tag, ZigBeeTransportProgressState state) {
    CompletableFuture<ZigBeeTransportProgressState> waits = sent.get(tag);
    if (waits != null && state != ZigBeeTransportProgressState.TX_ACK) {
      waits.complete(state);
    }
  }

  @Override
  public void close() {
    closed = true;
    worker.interrupt();
    sent.values().forEach(s -> s.complete(ZigBeeTransportProgressState.RX_NAK));
    try {
      dongle.shutdown();
    } catch (RuntimeException e) {
      tally.fault(Tally.What.FAILED, name, "the dongle's driver failed as it was closed: " + e);
    }
  }
}
