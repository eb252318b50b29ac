package dev.perennial.standalone.client;

import java.net.URI;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Where each service listens. The standalone server has one address for all. */
public final class Endpoints {
    private final Map<Service, URI> addresses;

    private Endpoints(Map<Service, URI> addresses) {
        this.addresses = addresses;
    }

    public static Endpoints single(URI address) {
        Map<Service, URI> addresses = new EnumMap<>(Service.class);
        Arrays.stream(Service.values()).forEach(service -> addresses.put(service, address));
        return new Endpoints(addresses);
    }

    /** Each service its own address; none may be missing. */
    public static Endpoints of(Map<Service, URI> addresses) {
        for (Service service : Service.values()) {
            if (!addresses.containsKey(service)) {
                throw new IllegalArgumentException("the address of " + service.id() + " is missing");
            }
        }
        return new Endpoints(new EnumMap<>(addresses));
    }

    /**
     * Reads what {@code --url} takes.
     *
     * @param text {@code http://host:port}, or {@code registry=http://host:port,scorer=...} naming all six
     * @throws IllegalArgumentException saying what to write instead
     */
    public static Endpoints parse(String text) {
        if (!text.contains("=")) {
            return single(address(text));
        }
        Map<Service, URI> addresses = new EnumMap<>(Service.class);
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException("write '" + part + "' as service=http://host:port");
            }
            addresses.put(service(part.substring(0, equals).strip()), address(part.substring(equals + 1)));
        }
        return of(addresses);
    }

    public URI address(Service service) {
        URI address = addresses.get(service);
        if (address == null) {
            throw new IllegalStateException(service + " has no address");
        }
        return address;
    }

    /** In the form that {@link #parse} reads. */
    @Override
    public String toString() {
        return addresses.entrySet().stream()
                .map(entry -> entry.getKey().id() + "=" + entry.getValue())
                .collect(Collectors.joining(","));
    }

    private static Service service(String name) {
        return Arrays.stream(Service.values())
                .filter(service -> service.id().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no service '" + name + "'"));
    }

    private static URI address(String text) {
        URI address = URI.create(text.strip());
        if (address.getScheme() == null || address.getHost() == null) {
            throw new IllegalArgumentException("write '" + text + "' as http://host:port");
        }
        return address;
    }
}
