package io.appdbs.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;

import net.ttddyy.dsproxy.proxy.ProxyConfig;
import net.ttddyy.dsproxy.proxy.SimpleResultSetProxyLogic;
import org.jspecify.annotations.Nullable;

/**
 * Counts the rows that are read of a {@link ResultSet}, whose proxy unwraps to this.
 */
class CountedRows extends SimpleResultSetProxyLogic {

	private final OpenResults open;

	private final AtomicReference<@Nullable LongConsumer> whenRead = new AtomicReference<>();

	private final AtomicLong rows = new AtomicLong();

	CountedRows(ResultSet resultSet, OpenResults open, ProxyConfig config) {
		super(resultSet, open, config);
		this.open = open;
	}

	/**
	 * Tell how many rows were read, once, when the last one or the result was left.
	 */
	void whenRead(Statement statement, LongConsumer consumer) {
		this.whenRead.set(consumer);
		this.open.add(statement, this);
	}

	void end() {
		LongConsumer consumer = this.whenRead.getAndSet(null);
		if (consumer != null) {
			consumer.accept(this.rows.get());
		}
	}

	@Override
	public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] args) throws Throwable {
		if (args != null && args.length == 1 && args[0] == CountedRows.class) {
			return method.getName().equals("unwrap") ? this : true;
		}
		Object result = performProxyLogic(proxy, method, args, null);
		if (method.getName().equals("next")) {
			if (Boolean.TRUE.equals(result)) {
				this.rows.incrementAndGet();
			}
			else {
				end();
			}
		}
		else if (method.getName().equals("close")) {
			end();
		}
		return result;
	}

}
