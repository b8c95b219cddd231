package org.gridwarden.server;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.web.context.support.StandardServletEnvironment;

/** The HTTP half: the framework, given the services that stand already. */
final class WebServer implements AutoCloseable {
  /** Authenticated ciphers with forward secrecy, and no others (C25; RFC 9325, 4.2). */
  private static final String CIPHERS =
      "TLS_AES_256_GCM_SHA384,TLS_CHACHA20_POLY1305_SHA256,TLS_AES_128_GCM_SHA256,"
          + "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,"
          + "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,"
          + "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,"
          + "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256";

  private final ServletWebServerApplicationContext context;

  private WebServer(ServletWebServerApplicationContext context) {
    this.context = context;
  }

  /**
   * Starts it.
   *
   * @param certificate empty for plain HTTP
   * @param work a folder for the container's own files
   * @param services handed to the controllers
   * @throws ServerException where the port is taken
   */
  static WebServer start(
      GridwardenConfig config,
      Optional<ServerCertificate> certificate,
      Path work,
      List<Object> services) {
    SpringApplication application = new SpringApplication(WebApplication.class);
    application.setBannerMode(Banner.Mode.OFF);
    application.setLogStartupInfo(false);
    application.setRegisterShutdownHook(false);
    application.setAddCommandLineProperties(false);
    application.setEnvironment(new Derived(properties(config, certificate, work)));
    application.setLazyInitialization(true);
    ApplicationContextInitializer<GenericApplicationContext> hand =
        into -> services.forEach(service -> register(into, service));
    application.addInitializers(hand);
    try {
      if (application.run() instanceof ServletWebServerApplicationContext context) {
        return new WebServer(context);
      }
      throw new IllegalStateException("the framework started without a web server");
    } catch (PortInUseException e) {
      throw new ServerException(taken(config), e);
    }
  }

  /** What to say of a taken port. */
  static String taken(GridwardenConfig config) {
    return "port " + config.console().port() + " is taken: stop what uses it or set console.port";
  }

  int port() {
    var listener = context.getWebServer();
    if (listener == null) {
      throw new IllegalStateException("the web server has stopped");
    }
    return listener.getPort();
  }

  @Override
  public void close() {
    context.close();
  }

  @SuppressWarnings("unchecked")
  private static <T> void register(GenericApplicationContext into, T service) {
    Class<T> type = (Class<T>) service.getClass();
    into.registerBean(type, () -> service);
  }

  private static Map<String, Object> properties(
      GridwardenConfig config, Optional<ServerCertificate> certificate, Path work) {
    Map<String, Object> p = new LinkedHashMap<>();
    p.put("spring.config.location", "optional:classpath:/no-framework-configuration/");
    p.put("spring.main.web-application-type", "servlet");
    p.put("spring.main.log-startup-info", "false");
    p.put("spring.threads.virtual.enabled", "true");
    p.put("spring.jmx.enabled", "false");
    p.put("spring.mvc.log-resolved-exception", "false");
    p.put("spring.mvc.async.request-timeout", "300s");
    p.put("spring.web.resources.add-mappings", "false");
    p.put("spring.jackson.deserialization.fail-on-unknown-properties", "true");
    p.put("server.address", config.console().bind().getHostAddress());
    p.put("server.port", config.console().port());
    p.put("server.shutdown", "graceful");
    p.put("spring.lifecycle.timeout-per-shutdown-phase", "5s");
    p.put("server.http2.enabled", "true");
    p.put("server.server-header", "");
    p.put("server.compression.enabled", "true");
    p.put("server.compression.min-response-size", "2KB");
    p.put(
        "server.compression.mime-types",
        "text/html,text/css,text/csv,text/javascript,application/javascript,application/json,"
            + "application/problem+json,image/svg+xml");
    p.put("server.tomcat.basedir", work.toString());
    p.put("server.tomcat.mbeanregistry.enabled", "false");
    p.put("server.tomcat.max-connections", "2000");
    p.put("server.tomcat.connection-timeout", "20s");
    p.put("server.tomcat.max-http-form-post-size", "64KB");
    p.put("server.error.whitelabel.enabled", "false");
    p.put("server.error.include-message", "never");
    p.put("server.servlet.session.timeout", config.console().idleTimeout().toSeconds() + "s");
    p.put("server.servlet.session.persistent", "false");
    p.put("server.servlet.session.tracking-modes", "cookie");
    p.put("server.servlet.session.cookie.http-only", "true");
    p.put("server.servlet.session.cookie.same-site", "strict");
    p.put("server.servlet.session.cookie.secure", Boolean.toString(certificate.isPresent()));
    p.put(
        "server.servlet.session.cookie.name",
        certificate.isPresent() ? "__Host-gridwarden" : "gridwarden");
    p.put("springdoc.api-docs.enabled", "true"); // said, so that it does not warn
    p.put("springdoc.api-docs.path", "/api/v1/openapi");
    p.put("springdoc.api-docs.version", "openapi_3_1");
    p.put("springdoc.override-with-generic-response", "false");
    p.put("springdoc.default-produces-media-type", "application/json");
    certificate.ifPresent(c -> {
      String bundle = "spring.ssl.bundle.pem.console.";
      p.put("server.ssl.bundle", "console");
      // renewed files are taken up without a restart
      p.put(bundle + "reload-on-update", "true");
      p.put(bundle + "keystore.certificate", c.certificate().toUri().toString());
      p.put(bundle + "keystore.private-key", c.key().toUri().toString());
      p.put(bundle + "options.enabled-protocols", "TLSv1.3,TLSv1.2");
      p.put(bundle + "options.ciphers", CIPHERS);
    });
    return p;
  }

  /** The framework's properties are derived from ours; it reads no file and no variable itself. */
  private static final class Derived extends StandardServletEnvironment {
    private final transient Map<String, Object> properties;

    private Derived(Map<String, Object> properties) {
      super();
      this.properties = properties;
      getPropertySources().addFirst(new MapPropertySource("gridwarden", this.properties));
    }

    @Override
    protected void customizePropertySources(MutablePropertySources sources) {
      // none of the usual ones
    }
  }
}
