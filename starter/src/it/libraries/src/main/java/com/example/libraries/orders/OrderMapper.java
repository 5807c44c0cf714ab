package com.example.libraries.orders;

import org.apache.ibatis.annotations.Insert;

public interface OrderMapper {

	@Insert("INSERT INTO item VALUES (#{name})")
	void insert(String name);

}
