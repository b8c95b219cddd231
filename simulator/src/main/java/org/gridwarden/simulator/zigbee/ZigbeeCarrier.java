package org.gridwarden.simulator.zigbee;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.gridwarden.message.MessageClass;
import org.gridwarden.simulator.Carrier;
import org.gridwarden.simulator.zigbee.meter.SmartEnergyMeter;

/** Carries secured messages through the tunnels of a model's meters. Thread-safe. */
public final class ZigbeeCarrier implements Carrier {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ZigbeeModel model;

  public ZigbeeCarrier(ZigbeeModel model) {
    this.model = model;
  }

  @Override
  public Way open(Caller meter) throws IOException, InterruptedException {
    SmartEnergyMeter its =
        model
            .meter(meter.id().value())
            .orElseThrow(() -> new IOException("no such meter in the model: " + meter.id()));
    CompletableFuture<Void> open = new CompletableFuture<>();
    model.now(() -> {
      its.tunnel().received(meter.orders());
      if (its.tunnel().open()) {
        open.complete(null);
      } else {
        its.tunnel().opened(() -> open.complete(null));
      }
      return null;
    });
    within(open, "the office has not opened a tunnel");
    return new Tunnelled(its);
  }

  private static <T> T within(CompletableFuture<T> answer, String what)
      throws IOException, InterruptedException {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(what, e);
    }
  }

  private final class Tunnelled implements Way {
    private final SmartEnergyMeter meter;

    private Tunnelled(SmartEnergyMeter meter) {
      this.meter = meter;
    }

    @Override
    public void send(MessageClass kind, byte[] message) throws IOException, InterruptedException {
      CompletableFuture<Boolean> stored = new CompletableFuture<>();
      model.now(() -> {
        meter.tunnel().send(kind.number(), message, stored::complete);
        return null;
      });
      boolean taken = false;
      try {
        taken = within(stored, "the office does not answer");
      } finally {
        if (!stored.isDone()) {
          model.now(() -> {
            meter.tunnel().giveUp();
            return null;
          });
        }
      }
      if (!taken) {
        throw new IOException("the office has not taken it");
      }
    }

    @Override
    public void close() {
      // the tunnel is the office's
    }
  }
}
