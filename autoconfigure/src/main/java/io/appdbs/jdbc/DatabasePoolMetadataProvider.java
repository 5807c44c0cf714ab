package io.appdbs.jdbc;

import javax.sql.DataSource;

import io.appdbs.PoolUsage;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.jdbc.metadata.AbstractDataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadata;
import org.springframework.boot.jdbc.metadata.DataSourcePoolMetadataProvider;

/**
 * Provides Boot with the metadata of a pool that may not have been opened yet. Boot asks
 * only once, at the start, whether there is any.
 */
public final class DatabasePoolMetadataProvider implements DataSourcePoolMetadataProvider {

	@Override
	public @Nullable DataSourcePoolMetadata getDataSourcePoolMetadata(DataSource dataSource) {
		try {
			return dataSource.isWrapperFor(FailFastDataSource.class)
					? new PoolMetadata(dataSource.unwrap(FailFastDataSource.class)) : null;
		}
		catch (Exception ex) {
			// another data source, which is not usable at the moment
			return null;
		}
	}

	/**
	 * The metadata of a pool, with values of 0 until it has been opened.
	 */
	private static final class PoolMetadata extends AbstractDataSourcePoolMetadata<FailFastDataSource> {

		private static final PoolUsage NOT_OPENED = new PoolUsage(0, 0, 0, 0);

		PoolMetadata(FailFastDataSource dataSource) {
			super(dataSource);
		}

		private PoolUsage usage() {
			PoolUsage usage = getDataSource().getUsage();
			return (usage != null) ? usage : NOT_OPENED;
		}

		@Override
		public Integer getActive() {
			return usage().active();
		}

		@Override
		public Integer getIdle() {
			return usage().idle();
		}

		@Override
		public Integer getMax() {
			return usage().maximum();
		}

		@Override
		public Integer getMin() {
			return getDataSource().getMinimumIdle();
		}

		@Override
		public @Nullable String getValidationQuery() {
			return null;
		}

		@Override
		public @Nullable Boolean getDefaultAutoCommit() {
			return null;
		}

	}

}
