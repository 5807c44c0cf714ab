package io.appdbs.jdbc.load;

/**
 * Erlang's formula for queues: how likely a caller has to wait. It assumes that callers
 * arrive independently of each other.
 */
final class ErlangC {

	private ErlangC() {
	}

	/**
	 * Returns how many connections are needed.
	 * @param load the number of connections in use, on average
	 * @param waiting the share of callers that may have to wait
	 * @return the number, at least 1
	 */
	static int connections(double load, double waiting) {
		double blocked = 1;
		int connections = 0;
		while (true) {
			connections++;
			blocked = load * blocked / (connections + load * blocked);
			double utilization = load / connections;
			if (utilization < 1 && blocked / (1 - utilization * (1 - blocked)) <= waiting) {
				return connections;
			}
		}
	}

}
