package io.appdbs.mongo;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;

import com.mongodb.spi.dns.InetAddressResolver;
import org.jspecify.annotations.Nullable;

/**
 * Resolves hosts to addresses that keep the host as their name, also if it is an address.
 * Otherwise the driver looks up the name of such an address, and accepts a server whose
 * certificate has been issued for that name.
 *
 * @param delegate resolves hosts, {@code null} for Java's resolution
 */
record NamedAddressResolver(@Nullable InetAddressResolver delegate) implements InetAddressResolver {

	@Override
	public List<InetAddress> lookupByName(String host) throws UnknownHostException {
		List<InetAddress> found = (this.delegate != null) ? this.delegate.lookupByName(host)
				: List.of(InetAddress.getAllByName(host));
		List<InetAddress> named = new ArrayList<>();
		for (InetAddress address : found) {
			named.add(InetAddress.getByAddress(host, address.getAddress()));
		}
		return named;
	}

}
