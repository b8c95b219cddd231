package org.gridwarden.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.gridwarden.simulator.zigbee.ZigbeeModel;
import org.gridwarden.simulator.zigbee.meter.PowerStrip;
import org.gridwarden.simulator.zigbee.meter.SmartEnergyMeter;
import org.gridwarden.simulator.zigbee.strip.Outlet;

/** Does to a model's meters what is typed, a line each. */
final class ZigbeeHand {
  private static final int LONGEST = 200;

  private final ZigbeeModel model;
  private final InputStream in;
  private final PrintWriter out;

  ZigbeeHand(ZigbeeModel model, InputStream in, PrintWriter out) {
    this.model = model;
    this.in = in;
    this.out = out;
  }

  /** Until there is nothing more to be read. */
  void read() {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          say(line.length() > LONGEST ? "too long a line" : doIt(line.strip()));
        }
      }
    } catch (IOException e) {
      say("standard input cannot be read any longer: " + e.getMessage());
    }
  }

  /** Does what a line says; gives what is to be said of it. */
  private String doIt(String line) {
    String[] words = line.split(" +", -1);
    if (words.length != 2) {
      return "'"
          + line
          + "': open, close, leave, join, opt-out, opt-in or confirm, and a meter;"
          + " press or use, and an outlet";
    }
    if (words[0].equals("press") || words[0].equals("use")) {
      return outlet(words[0], words[1]);
    }
    Optional<SmartEnergyMeter> meter = model.meter(words[1]);
    if (meter.isEmpty()) {
      return "no meter of the model is called " + words[1];
    }
    SmartEnergyMeter its = meter.get();
    return model.now(() -> {
      switch (words[0]) {
        case "open" -> its.openCasing();
        case "close" -> its.closeCasing();
        case "leave" -> its.device().leave();
        case "opt-out" -> {
          if (!its.loads().optOut()) {
            return words[1] + " has no event that may be opted out of";
          }
        }
        case "opt-in" -> its.loads().optIn();
        case "confirm" -> {
          if (!its.display().confirm()) {
            return words[1] + " shows nothing that is to be confirmed";
          }
        }
        case "join" -> {
          if (its.device().inside()) {
            return words[1] + " is inside";
          }
          its.device().join();
        }
        default -> {
          return "'" + words[0] + "' is none of open, close, leave, join, opt-out, opt-in, confirm";
        }
      }
      return words[1] + ": " + words[0] + " done";
    });
  }

  /** Presses an outlet's button, or sets to work what is plugged in. */
  private String outlet(String what, String name) {
    String[] words = name.split("/", -1);
    Optional<PowerStrip> strip = model.strip(words[0]);
    if (strip.isEmpty() || words.length != 2 || !words[1].matches("[0-9]{1,2}")) {
      return "'" + name + "' is no outlet of the model; write PS-0000001/2";
    }
    int number = Integer.parseInt(words[1]);
    if (number < 1 || number > strip.get().outlets().size()) {
      return words[0] + " has outlets 1 to " + strip.get().outlets().size();
    }
    return model.now(() -> {
      Outlet outlet = strip.get().outlets().get(number - 1);
      if (what.equals("use")) {
        outlet.use();
        return name + ": the " + outlet.appliance().word() + " is set to work";
      }
      outlet.turn(!outlet.on());
      return name + ": the " + outlet.appliance().word() + " is " + (outlet.on() ? "on" : "off");
    });
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }
}
