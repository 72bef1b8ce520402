// Draws the months beside their table; without script the table says it all.
const place = document.getElementById("chart");
const data = JSON.parse(document.getElementById("chart-data").textContent);
if (window.echarts && data.months.length > 1) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const chart = window.echarts.init(place, null, { renderer: "svg" });
  const series = (name, values, fill, decal) => ({ name, type: "bar", data: values, itemStyle: { color: fill, decal } });
  chart.setOption({
    animation: false,
    grid: { left: 48, right: 16, top: 40, bottom: 32 },
    legend: { top: 0, textStyle: { fontSize: 16 } },
    tooltip: { trigger: "axis" },
    xAxis: { type: "category", data: data.months, axisLabel: { fontSize: 14 } },
    yAxis: { type: "value", minInterval: 1, axisLabel: { fontSize: 14 } },
    series: [
      series(data.words.filed, data.filed, colour("--red", "#8f1717")),
      series(data.words.late, data.late, colour("--gold", "#c8963e"), { symbol: "rect", rotation: 0.8 }),
    ],
  });
  addEventListener("resize", () => chart.resize());
} else {
  place.hidden = true;
}
