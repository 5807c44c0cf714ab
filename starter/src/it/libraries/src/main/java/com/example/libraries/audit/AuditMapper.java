package com.example.libraries.audit;

import org.apache.ibatis.annotations.Insert;

public interface AuditMapper {

	@Insert("INSERT INTO item VALUES (#{name})")
	void insert(String name);

}
