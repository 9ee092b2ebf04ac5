// SPDX-License-Identifier: GPL-2.0-only
/* Attributes, as described in Documentation/ABI. */

#include <linux/device.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <xen/grant_table.h>

#include "placement.h"
#include "report.h"
#include "special.h"
#include "sysfs.h"

/**
 * struct xsp_attribute - a file
 * @attr: as the driver core wants it
 * @emit: writes the value, with the lock held
 */
struct xsp_attribute {
	struct device_attribute attr;
	int (*emit)(const struct xsp *xsp, char *buf);
};

static ssize_t xsp_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct xsp_attribute *xa = container_of(attr, struct xsp_attribute, attr);
	struct xsp *xsp = dev_get_drvdata(dev);
	int len;

	mutex_lock(&xsp->lock);
	len = xa->emit(xsp, buf);
	mutex_unlock(&xsp->lock);
	return len;
}

#define XSP_FILE(_id, _name, _mode, _store)					\
static int _id##_emit(const struct xsp *xsp, char *buf);			\
static struct xsp_attribute _id##_attribute = {					\
	.attr = __ATTR(_name, _mode, xsp_show, _store),				\
	.emit = _id##_emit,							\
};										\
static int _id##_emit(const struct xsp *xsp, char *buf)

#define XSP_ATTRIBUTE(_id, _name)	XSP_FILE(_id, _name, 0444, NULL)

#define XSP_ENTRY(_id)	(&_id##_attribute.attr.attr)

/* The request, and the answers to it. */

static ssize_t xsp_placement_store(struct device *dev, struct device_attribute *attr,
				   const char *buf, size_t count)
{
	int request = sysfs_match_string(xsp_placement_names, buf);
	int err;

	if (request < 0)
		return -EINVAL;
	err = xsp_placement_request(dev_get_drvdata(dev), request);
	if (err)
		return err;
	return count;
}

XSP_FILE(placement, placement, 0644, xsp_placement_store)
{
	enum xsp_placement i;
	int len = 0;

	for (i = 0; i < XSP_PLACEMENTS; i++)
		len += sysfs_emit_at(buf, len, i == xsp->request ? "%s[%s]" : "%s%s",
				     i ? " " : "", xsp_placement_names[i]);
	return len + sysfs_emit_at(buf, len, "\n");
}

XSP_ATTRIBUTE(state, state)
{
	return sysfs_emit(buf, "%s\n", xsp_report_state(xsp));
}

XSP_ATTRIBUTE(reason, reason)
{
	int len = xsp_report_reason(xsp, buf, PAGE_SIZE - 1);

	return len + sysfs_emit_at(buf, len, "\n");
}

static struct attribute *xsp_attributes[] = {
	XSP_ENTRY(placement),
	XSP_ENTRY(state),
	XSP_ENTRY(reason),
	NULL
};

static const struct attribute_group xsp_group = {
	.attrs = xsp_attributes,
};

/* Special pages of any kind. */

static int xsp_emit_placement(const struct xsp *xsp, enum xsp_special_id id, char *buf)
{
	const struct xsp_special *special = &xsp->special[id];

	if (special->refusal)
		return sysfs_emit(buf, "unknown\n");
	return sysfs_emit(buf, "%s\n", xsp_placement_names[xsp_report_placement(xsp, special)]);
}

static int xsp_emit_gfn(const struct xsp *xsp, enum xsp_special_id id, char *buf)
{
	if (xsp->special[id].refusal)
		return sysfs_emit(buf, "unknown\n");
	return sysfs_emit(buf, "0x%lx\n", xsp->special[id].pages.gfn[0]);
}

static int xsp_emit_memory_type(const struct xsp *xsp, enum xsp_special_id id, char *buf)
{
	enum xsp_memtype type = xsp_special_memtype(xsp, &xsp->special[id]);

	return sysfs_emit(buf, "%s\n", xsp_memtype_name(type));
}

/* The grant table. */

XSP_ATTRIBUTE(grant_table_placement, placement)
{
	return xsp_emit_placement(xsp, XSP_GRANT_TABLE, buf);
}

XSP_ATTRIBUTE(grant_table_gfn, gfn)
{
	return xsp_emit_gfn(xsp, XSP_GRANT_TABLE, buf);
}

XSP_ATTRIBUTE(grant_table_frames, frames)
{
	int frames = xsp->machine.xen->grant_frames();

	return frames < 0 ? frames : sysfs_emit(buf, "%d\n", frames);
}

XSP_ATTRIBUTE(grant_table_max_frames, max_frames)
{
	return sysfs_emit(buf, "%u\n", gnttab_max_grant_frames());
}

XSP_ATTRIBUTE(grant_table_placed_frames, placed_frames)
{
	const struct xsp_special *special = &xsp->special[XSP_GRANT_TABLE];

	return sysfs_emit(buf, "%u\n", xsp_special_placed(special, special->pages.max));
}

XSP_ATTRIBUTE(grant_table_unplaced_frames, unplaced_frames)
{
	int frames = xsp->machine.xen->grant_frames();

	if (frames < 0)
		return frames;
	frames -= xsp_special_placed(&xsp->special[XSP_GRANT_TABLE], frames);
	return sysfs_emit(buf, "%d\n", frames);
}

XSP_ATTRIBUTE(grant_table_memory_type, memory_type)
{
	return xsp_emit_memory_type(xsp, XSP_GRANT_TABLE, buf);
}

static struct attribute *xsp_grant_table_attributes[] = {
	XSP_ENTRY(grant_table_placement),
	XSP_ENTRY(grant_table_gfn),
	XSP_ENTRY(grant_table_frames),
	XSP_ENTRY(grant_table_max_frames),
	XSP_ENTRY(grant_table_placed_frames),
	XSP_ENTRY(grant_table_unplaced_frames),
	XSP_ENTRY(grant_table_memory_type),
	NULL
};

static const struct attribute_group xsp_grant_table_group = {
	.name = "grant_table",
	.attrs = xsp_grant_table_attributes,
};

/* shared_info. */

XSP_ATTRIBUTE(shared_info_placement, placement)
{
	return xsp_emit_placement(xsp, XSP_SHARED_INFO, buf);
}

XSP_ATTRIBUTE(shared_info_gfn, gfn)
{
	return xsp_emit_gfn(xsp, XSP_SHARED_INFO, buf);
}

XSP_ATTRIBUTE(shared_info_memory_type, memory_type)
{
	return xsp_emit_memory_type(xsp, XSP_SHARED_INFO, buf);
}

static struct attribute *xsp_shared_info_attributes[] = {
	XSP_ENTRY(shared_info_placement),
	XSP_ENTRY(shared_info_gfn),
	XSP_ENTRY(shared_info_memory_type),
	NULL
};

static const struct attribute_group xsp_shared_info_group = {
	.name = "shared_info",
	.attrs = xsp_shared_info_attributes,
};

/* The range in use. */

XSP_ATTRIBUTE(range_source, source)
{
	int len = xsp_window_sources(&xsp->window, buf, PAGE_SIZE - 1);

	return len + sysfs_emit_at(buf, len, "\n");
}

XSP_ATTRIBUTE(range_start, start)
{
	return sysfs_emit(buf, "0x%llx\n", xsp->window.range.gfn << PAGE_SHIFT);
}

XSP_ATTRIBUTE(range_size, size)
{
	return sysfs_emit(buf, "0x%llx\n", xsp->window.range.pages << PAGE_SHIFT);
}

static struct attribute *xsp_range_attributes[] = {
	XSP_ENTRY(range_source),
	XSP_ENTRY(range_start),
	XSP_ENTRY(range_size),
	NULL
};

static const struct attribute_group xsp_range_group = {
	.name = "range",
	.attrs = xsp_range_attributes,
};

/* What the hypervisor advertises. */

XSP_ATTRIBUTE(host_ranges, ranges)
{
	const struct xsp_host *host = &xsp->host;
	unsigned int i;
	int len = 0;

	if (!host->nr_ranges)
		return sysfs_emit(buf, "none\n");
	for (i = 0; i < host->nr_ranges; i++)
		len += sysfs_emit_at(buf, len, "%s0x%llx+%llu", i ? " " : "",
				     host->ranges[i].gfn, host->ranges[i].pages);
	return len + sysfs_emit_at(buf, len, "\n");
}

XSP_ATTRIBUTE(host_ipat, ipat)
{
	if (!xsp->host.known)
		return sysfs_emit(buf, "unknown\n");
	return sysfs_emit(buf, "%s\n", xsp->host.ipat ? "yes" : "no");
}

static struct attribute *xsp_host_attributes[] = {
	XSP_ENTRY(host_ranges),
	XSP_ENTRY(host_ipat),
	NULL
};

static const struct attribute_group xsp_host_group = {
	.name = "host",
	.attrs = xsp_host_attributes,
};

/* The memory BAR of the Xen platform PCI device. */

XSP_ATTRIBUTE(bar_start, start)
{
	return sysfs_emit(buf, "0x%llx\n", xsp->bar.gfn << PAGE_SHIFT);
}

XSP_ATTRIBUTE(bar_size, size)
{
	return sysfs_emit(buf, "0x%llx\n", xsp->bar.pages << PAGE_SHIFT);
}

XSP_ATTRIBUTE(bar_memory_type, memory_type)
{
	return sysfs_emit(buf, "%s\n", xsp_memtype_name(xsp_bar_memtype(xsp)));
}

static struct attribute *xsp_bar_attributes[] = {
	XSP_ENTRY(bar_start),
	XSP_ENTRY(bar_size),
	XSP_ENTRY(bar_memory_type),
	NULL
};

static const struct attribute_group xsp_bar_group = {
	.name = "bar",
	.attrs = xsp_bar_attributes,
};

/* Counters. */

XSP_ATTRIBUTE(stats_moves, moves)
{
	return sysfs_emit(buf, "%llu\n", xsp->stats.moves);
}

XSP_ATTRIBUTE(stats_failed_moves, failed_moves)
{
	return sysfs_emit(buf, "%llu\n", xsp->stats.failed_moves);
}

XSP_ATTRIBUTE(stats_last_pause_ns, last_pause_ns)
{
	return sysfs_emit(buf, "%llu\n", xsp->stats.last_pause_ns);
}

XSP_ATTRIBUTE(stats_max_pause_ns, max_pause_ns)
{
	return sysfs_emit(buf, "%llu\n", xsp->stats.max_pause_ns);
}

static struct attribute *xsp_stats_attributes[] = {
	XSP_ENTRY(stats_moves),
	XSP_ENTRY(stats_failed_moves),
	XSP_ENTRY(stats_last_pause_ns),
	XSP_ENTRY(stats_max_pause_ns),
	NULL
};

static const struct attribute_group xsp_stats_group = {
	.name = "stats",
	.attrs = xsp_stats_attributes,
};

const struct attribute_group *xsp_sysfs_groups[] = {
	&xsp_group,
	&xsp_grant_table_group,
	&xsp_shared_info_group,
	&xsp_range_group,
	&xsp_host_group,
	&xsp_bar_group,
	&xsp_stats_group,
	NULL
};
